"""The parts of the page on lexical bias."""
