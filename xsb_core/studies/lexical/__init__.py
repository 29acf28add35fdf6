"""Same-token cells over a corpus, and one slot with several words (section 5.4)."""
