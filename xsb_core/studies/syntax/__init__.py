"""The relations of the strongest word pairs (section 5.1)."""
