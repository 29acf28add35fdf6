"""TEXTS → HIDDEN STATES: loading, variants, references, tokenising, replaying blocks."""
