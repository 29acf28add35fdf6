"""Universal Dependencies: trees of texts, their relations, and where they come from."""
