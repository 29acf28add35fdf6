"""Parts of the page on negation."""
