"""Sections of docs/results.md, made from what ships in assets/."""
