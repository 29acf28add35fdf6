"""Every check that needs a GPU, in at most six minutes: right, fast, within its memory.

    python benchmarks/gpu.py ../shared/data/stsb/stsb-en-test.csv --mpnet /work/models/mpnet

Appends to benchmarks/RESULTS.md under the card's name. Without a GPU it says so.
"""

import argparse
import datetime
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks/

import torch

from benchmarks.corpus import rate_share, together
from benchmarks.pair import add_mpnet, machine
from xsb_core import Encoder, Recipe, load_encoder
from xsb_core.attribution.text_factors import FactorBatches
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.rows import Pair

RESULTS = Path(__file__).with_name("RESULTS.md")
LAYERS = {6: 4, 12: 8}  # by the number of blocks
CLOSE = 1e-4
QQP_PAIRS = 148_315
SECONDS = 60.0  # that the pairs of one model may take, about
# Memory that is left above the model, and what a chunk is told it may take.
LITTLE, TOO_MUCH = 256 * 2**20, 2**31

Pairs = list[tuple[str, str]]


def factors(
    encoder: Encoder, texts: Sequence[str], recipe: Recipe, budget: int | None = None
) -> tuple[list[torch.Tensor], int]:
    """Factors of texts in order, and the budget that they took in the end."""
    batches = FactorBatches(encoder, recipe, budget)
    found = dict(batches.factors([encoder.tokenise(text) for text in texts]))
    return [found[i].token.factors.cpu() for i in range(len(texts))], batches.budget


def spread(pairs: Pairs, count: int) -> Pairs:
    """So many of the pairs, evenly over the table."""
    return pairs[:: max(1, len(pairs) // count)][:count]


def largest_gap(found: Sequence[torch.Tensor], expected: Sequence[torch.Tensor]) -> float:
    """The largest difference of two factors of a text over its largest factor."""
    both = zip(found, expected, strict=True)
    return max(float((a - b).norm(dim=1).max() / b.norm(dim=1).max()) for a, b in both)


def correctness(encoder: Encoder, reference: Encoder, texts: Sequence[str], recipe: Recipe) -> str:
    """Both devices at the same nodes; a number of steps is fixed in the recipe."""
    gap = largest_gap(factors(encoder, texts, recipe)[0], factors(reference, texts, recipe)[0])
    met = verdict(held=gap <= CLOSE)
    return f"against the CPU: {gap:.1e} of the largest factor ({met}: {CLOSE:g})"


def verdict(*, held: bool) -> str:
    """Whether a bar was met."""
    return "met" if held else "MISSED"


def speed(encoder: Encoder, pairs: Pairs, layer: int, seconds: float) -> str:
    """Pairs a second over as many pairs as fit into some seconds, and what QQP would take."""
    some = spread(pairs, 16)
    together(encoder, some, layer)  # warm up
    guess = together(encoder, some, layer)
    some = spread(pairs, max(1, min(len(pairs), int(guess * seconds))))
    rate = together(encoder, some, layer)
    return (
        f"{rate:.2f} pairs per second over {len(some)} pairs; {QQP_PAIRS:,} pairs of QQP would "
        f"take {QQP_PAIRS / rate / 3600:.1f} hours at that rate"
    )


def recovery(encoder: Encoder, texts: Sequence[str], recipe: Recipe) -> str:
    """Pairs in chunks that are too large for what memory is left: the budget is halved."""
    expected, _ = factors(encoder, texts, recipe)
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(encoder.device).total_memory
    allowed = torch.cuda.memory_allocated(encoder.device) + LITTLE
    torch.cuda.set_per_process_memory_fraction(allowed / total)
    try:
        found, budget = factors(encoder, texts, recipe, TOO_MUCH)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    held = budget < TOO_MUCH and largest_gap(found, expected) <= CLOSE
    return (
        f"{LITTLE >> 20} MB above the model: budget halved from {TOO_MUCH >> 20} to "
        f"{budget >> 20} MB, same factors ({verdict(held=held)})"
    )


def checks(name: str, pairs: Pairs) -> Iterator[str]:
    """Lines of one model's figures."""
    encoder = load_encoder(name, device="cuda")
    layer = LAYERS[encoder.blocks]
    texts = [text for pair in spread(pairs, 100) for text in pair]
    label = f"{encoder.name}, l = {layer}"
    fixed = Recipe(layer=layer, steps=16)
    reference = load_encoder(name, device="cpu")
    yield f"{label}, {correctness(encoder, reference, texts[:6], fixed)}"
    torch.cuda.reset_peak_memory_stats()
    model = torch.cuda.memory_allocated()
    yield f"{label}: {speed(encoder, pairs, layer, SECONDS)}"
    yield f"{label}, share of the card: {rate_share(encoder, texts, layer)}"
    peak = (torch.cuda.max_memory_allocated() - model) >> 20
    yield f"{label}, memory: at most {peak} MB above the model's {model >> 20} MB"
    many = [max(texts, key=len)] * 64  # they fill any budget
    yield f"{label}, out of memory: {recovery(encoder, many, fixed)}"


def main() -> None:
    """Runs the checks where there is a GPU."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("table", type=Path, help="STS-B test: stsb-en-test.csv")
    add_mpnet(parser)
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        print("No GPU is at hand, so nothing was checked.")
        return
    start = time.perf_counter()
    rows = open_pairs(arguments.table).rows()
    pairs = [(row.a, row.b) for row in rows if isinstance(row, Pair)]
    head = f"## On {torch.cuda.get_device_name()}, {datetime.date.today()}"
    lines = [head, "", f"`python benchmarks/gpu.py` on {machine()}:", ""]
    for name in ["shelf", *filter(None, [arguments.mpnet])]:
        for line in checks(name, pairs):
            print(line, flush=True)
            lines.append(f"- {line}")
    lines.append(f"- all of this: {time.perf_counter() - start:.0f} s")
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
