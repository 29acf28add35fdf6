"""The layers page's work: seconds until the first and until all six layers of the default pair.

python benchmarks/layers.py
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages._frame.texts import DEFAULT, EXAMPLES
from xsb_core import attribute, load_encoder

RUNS = 3


def main() -> None:
    """Runs the measurement: deepest layer first, as the page does."""
    encoder = load_encoder("shelf", device="cpu")
    attribute(encoder, "One to", "warm up.")
    firsts, totals, processor = [], [], []
    for _ in range(RUNS):
        start, used = time.perf_counter(), time.process_time()
        for layer in reversed(range(encoder.blocks)):
            attribute(encoder, *EXAMPLES[DEFAULT], layer)
            if layer == encoder.blocks - 1:
                firsts.append(time.perf_counter() - start)
        totals.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    print(
        f"default pair, six layers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: first "
        f"layer after {statistics.median(firsts):.2f} s, all after {statistics.median(totals):.2f} "
        f"s (median of {RUNS}; fastest {min(totals):.2f}, slowest {max(totals):.2f}; "
        f"{statistics.median(processor):.2f} s of processor time)"
    )


if __name__ == "__main__":
    main()
