"""Adjectives (Section 5.3)."""
