"""How much references matter, and positive against negative cells (sections 4.3, 4.5)."""
