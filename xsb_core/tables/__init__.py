"""FILES → TEXTS: pairs and texts from tables, and what is wrong in them."""
