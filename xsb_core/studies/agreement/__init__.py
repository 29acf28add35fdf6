"""How far two models agree, pair by pair (section 4.4)."""
