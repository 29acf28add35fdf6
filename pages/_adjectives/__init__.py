"""Parts of the page on adjectives."""
