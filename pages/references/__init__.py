"""References, agreement and signs over many pairs."""
