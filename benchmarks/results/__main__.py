"""Rewrites the marked sections of docs/results.md from the shipped assets; no model is needed.

python -m benchmarks.results
"""

from benchmarks.results import DOCUMENT, names, rewritten

DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
print(f"{DOCUMENT}: {', '.join(names())}")
