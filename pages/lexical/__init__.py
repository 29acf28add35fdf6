"""Lexical bias (Section 5.4)."""
