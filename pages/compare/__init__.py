"""Two models on one pair."""
