"""Rewrites docs/reproduction.md, and the marked sections of docs/results.md, from shipped assets.

No model is needed: python -m benchmarks.results
"""

from benchmarks.reproduction import REPRODUCTION
from benchmarks.reproduction.page import document
from benchmarks.results import DOCUMENT, names, rewritten

DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
print(f"{DOCUMENT}: {', '.join(names())}")
REPRODUCTION.write_text(document(), encoding="utf-8")
print(REPRODUCTION)
