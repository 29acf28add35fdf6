"""ONE pair: two models, several layers."""
