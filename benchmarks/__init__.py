"""Commands that print measured ratios."""
