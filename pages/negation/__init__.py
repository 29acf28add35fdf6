"""Negation (Section 5.2)."""
