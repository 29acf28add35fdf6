"""What a negation adds to a score (section 5.2)."""
