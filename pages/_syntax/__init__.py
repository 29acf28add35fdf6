"""The parts of the page on syntax."""
