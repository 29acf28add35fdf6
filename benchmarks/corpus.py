"""Tables of pairs: batches against one pair after the other, the machine's rate, peak memory.

    python benchmarks/corpus.py ../shared/data/stsb/stsb-en-test.csv            # about half an hour
    python benchmarks/corpus.py ../shared/data/stsb/stsb-en-test.csv --pairs 50 # a rougher run
    python benchmarks/corpus.py PAIRS --pairs 50 --mpnet /work/models/mpnet     # also that model

Every ratio is of two figures measured in this run, at each model's own layer: 4 of MiniLM, 9 of
all-mpnet-base-v2.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import combinations, islice
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks/

import torch

from benchmarks.pair import add_mpnet, highest_memory, machine
from xsb_core import Encoder, Recipe, TextFactors, attribute, load_encoder
from xsb_core.attribution.text_factors import FactorBatches
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.encoders.replay import transformer_of
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.rows import Pair

MINILM_RATE_LAYER = 3
FEW_TEXTS = 20
MEMORY_PAIRS = (500, 5000)


def matrix_rate(device: torch.device) -> float:
    """A device's float32 rate in floating-point operations a second, as products show it."""
    size = 8192 if device.type == "cuda" else 2048
    a, b = torch.randn(2, size, size, device=device)
    best = min(clock(lambda: a @ b) for _ in range(10))
    return 2 * size**3 / best


def clock(run: Callable[[], object]) -> float:
    """Wall-clock time of a run."""
    start = time.perf_counter()
    run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def tail_operations(encoder: Encoder, found: TextFactors) -> int:
    """Floating-point operations of N·(S + 1) passes of one text through the tail, no more."""
    config = transformer_of(encoder.model).config
    d, inner = config.hidden_size, config.intermediate_size
    tokens = len(found.side.tokens)
    block = 2 * tokens * (4 * d * d + 2 * d * inner) + 4 * tokens * tokens * d
    return found.token.nodes * (tokens + 1) * (encoder.blocks - (found.recipe.layer or 0)) * block


def one_by_one(encoder: Encoder, pairs: list[tuple[str, str]]) -> float:
    """Pairs a second of ``attribute``."""
    return len(pairs) / clock(lambda: [attribute(encoder, *pair) for pair in pairs])


def together(encoder: Encoder, pairs: list[tuple[str, str]], layer: int | None = None) -> float:
    """Pairs a second of a run, from the table to the folder."""
    with tempfile.TemporaryDirectory() as folder:
        summary = run_corpus(encoder, pairs, Path(folder) / "out", Recipe(layer=layer))
    return summary.new / summary.seconds


def compare_table(encoder: Encoder, pairs: list[tuple[str, str]], label: str) -> None:
    """Prints both rates on some pairs."""
    fast, slow = together(encoder, pairs), one_by_one(encoder, pairs)
    print(
        f"{label}, l = {encoder.default_layer}: {fast:.2f} pairs per second in a run, {slow:.2f} "
        f"one by one: {fast / slow:.1f} times as fast",
        flush=True,
    )


def rate_share(encoder: Encoder, texts: list[str], layer: int) -> str:
    """Tells the share of the device's matrix rate that batches reach."""
    tokenised = [encoder.tokenise(text) for text in texts]
    batches = FactorBatches(encoder, Recipe(layer=layer))
    list(batches.factors(tokenised[:8]))  # warm up
    # the machine's own rate is measured before and after, as it may change meanwhile
    before = matrix_rate(encoder.device)
    start = time.perf_counter()
    found = [factors for _, factors in batches.factors(tokenised)]
    seconds = time.perf_counter() - start
    own = statistics.mean((before, matrix_rate(encoder.device)))
    reached = sum(tail_operations(encoder, one) for one in found) / seconds
    return (
        f"l = {layer}, {len(texts)} texts in {seconds:.1f} s: {reached / 1e9:.0f} of "
        f"{own / 1e9:.0f} GFLOP/s in N·(S+1) tail passes, {reached / own:.2f} of what it can do"
    )


def whole_table(encoder: Encoder, path: Path, limit: int | None) -> None:
    """Prints the rate and the residuals of a run over the whole table."""
    with tempfile.TemporaryDirectory() as folder:
        summary = run_corpus(encoder, path, Path(folder) / "out", limit=limit)
        columns = ["residual_a", "residual_b"]
        rows = list(Results(summary.folder).rows(columns))
        worst = max(max(row.values()) for row in rows)
        print(
            f"{path.name}, l = {encoder.default_layer}: {summary.pairs} pairs, {summary.rejects} "
            f"rejected, in {summary.seconds:.0f} s ({summary.new / summary.seconds:.2f} pairs per "
            f"second); largest residual {worst:.2e}",
            flush=True,
        )


def peak_memory(path: Path, count: int) -> None:
    """Prints the peak of a run over so many pairs of distinct texts; in a process of its own."""
    encoder = load_encoder(device="cpu")
    texts = [
        text for row in open_pairs(path).rows() if isinstance(row, Pair) for text in (row.a, row.b)
    ]
    # no text comes twice: what is kept for each must not add up
    pairs = (
        (f"{texts[n % len(texts)]} {n}", f"{n} {texts[-1 - n % len(texts)]}") for n in range(count)
    )
    with tempfile.TemporaryDirectory() as folder:
        run_corpus(encoder, pairs, Path(folder) / "out", Recipe(layer=encoder.blocks - 1, steps=2))
    print(highest_memory() // 1024)


def memory(path: Path, counts: tuple[int, ...]) -> None:
    """Prints the peaks of runs over tables of different sizes."""
    peaks = []
    for count in counts:
        command = [sys.executable, __file__, str(path), "--memory", str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks.append(int(done.stdout))
    print(
        "peak memory: "
        + ", ".join(f"{peak} MB for {n} pairs" for n, peak in zip(counts, peaks, strict=True))
        + f": {peaks[-1] - peaks[0]:+d} MB"
    )


def main() -> None:
    """Runs the comparisons."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("table", type=Path, help="STS-B test: stsb-en-test.csv")
    parser.add_argument("--pairs", type=int, help="only so many pairs (all)")
    add_mpnet(parser)
    parser.add_argument("--memory", type=int, help="only the peak memory of so many pairs")
    arguments = parser.parse_args()
    if arguments.memory:
        peak_memory(arguments.table, arguments.memory)
        return
    print(machine())
    rows = [row for row in open_pairs(arguments.table).rows() if isinstance(row, Pair)]
    pairs = [(row.a, row.b) for row in islice(rows, arguments.pairs)]
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    few = texts[:: max(1, len(texts) // FEW_TEXTS)][:FEW_TEXTS]
    every = list(combinations(few, 2))
    for name in ["shelf", *filter(None, [arguments.mpnet])]:
        encoder = load_encoder(name, device="cpu")
        print(encoder.name)
        compare_table(encoder, pairs[:: max(1, len(pairs) // 200)], "every nth pair")
        compare_table(encoder, every, f"all {len(every)} pairs of {len(few)} texts")
        layer = MINILM_RATE_LAYER if name == "shelf" else encoder.default_layer
        print(rate_share(encoder, texts[:: max(1, len(texts) // 200)], layer), flush=True)
    whole_table(load_encoder("shelf", device="cpu"), arguments.table, arguments.pairs)
    memory(arguments.table, MEMORY_PAIRS if arguments.pairs is None else (10, arguments.pairs))


if __name__ == "__main__":
    main()
