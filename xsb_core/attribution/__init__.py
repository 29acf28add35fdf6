"""FACTORS → RESULT: the two cosines, a pair, its account, words and cells."""
