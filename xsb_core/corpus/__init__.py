"""MANY pairs → a folder: attributed in batches, resumable, queried, exported."""
