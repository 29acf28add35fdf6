"""Many pairs in a table."""
