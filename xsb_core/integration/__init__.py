"""HIDDEN STATES → FACTORS: quadrature, dual numbers, Jacobians; knows no text."""
