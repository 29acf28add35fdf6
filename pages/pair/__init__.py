"""One pair of texts."""
