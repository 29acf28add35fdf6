"""Synonyms against opposites in a template (section 5.3)."""
