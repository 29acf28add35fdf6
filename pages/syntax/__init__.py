"""Syntax (Section 5.1)."""
