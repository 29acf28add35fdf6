"""One pair: our time and memory against the published algorithm, measured in one run.

    python benchmarks/pair.py            # everything, about eight minutes on two cores
    python benchmarks/pair.py --steps 20 # a quicker, rougher run

Both work on the same loaded model object and the same recorded tail, at the same layer, on the
factors of one text. Ours runs to the residual that the published algorithm reached, and to the
default tolerance; the search for the number of nodes is part of its time.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks/ and tests/zoo

import torch

from benchmarks.published import integrated_jacobian, residual
from tests.zoo import make_model
from xsb_core import Encoder, Settings, attribute, load_encoder, token_factors

# Twelve tokens each, special tokens included.
TEXTS = (
    "A man is playing a guitar on the stage.",
    "The company cut a thousand jobs in the spring.",
    "Two dogs run through tall grass near the river.",
)
MPNET_TEXT = "No, man is playing a guitar now."
RAIN_A, RAIN_B = "It poured, and it blew so very hard.", "It blew on and on."
LONG_A = "Rain fell on the quiet harbour town and on its narrow streets. " * 4 + RAIN_A
LONG_B = "A storm came over the sleepy port while nobody was out of doors. " * 4 + RAIN_B
DEFAULT_TOLERANCE = Settings().tolerance
REPEATS = 7


def seconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median wall-clock time of some runs, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def compare(name: str, encoder: Encoder, layer: int, steps: int, text: str) -> float:
    """Prints our time for a text's factors, at two tolerances, against the published algorithm.

    Returns:
        How many times as fast ours is, to the residual that the published algorithm reached.
    """
    reading = encoder.read(text)
    tail = reading.text.tail(layer)
    x, r = reading.text.hidden(layer), reading.reference.hidden(layer)
    start = time.perf_counter()
    jacobian = integrated_jacobian(tail, x, r, steps)
    slow = time.perf_counter() - start
    theirs = residual(tail, x, r, jacobian)
    print(
        f"{name}, layer {layer}, {len(x)} tokens, {text!r}\n"
        f"    published, N = {steps}: {slow:.2f} s, residual {theirs:.1e}"
    )
    ratios = []
    for label, tolerance in (("their residual", theirs), ("the default", DEFAULT_TOLERANCE)):
        settings = Settings(tolerance=tolerance)
        found = token_factors(tail, x, r, settings)
        fast = seconds(lambda settings=settings: token_factors(tail, x, r, settings))
        print(
            f"    ours, to {label}: {fast * 1000:.0f} ms, residual {found.residual:.1e}, "
            f"{found.nodes} nodes: {slow / fast:.0f} times as fast",
            flush=True,
        )
        ratios.append(slow / fast)
    return ratios[0]


def highest_memory() -> int:
    """The most memory that this process has held so far, in kB (Linux).

    Not getrusage's: that one starts from the peak of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def peak_memory() -> None:
    """Prints the peak above the loaded model; runs in a process of its own."""
    encoder = load_encoder(device="cpu")
    before = highest_memory()
    result = attribute(encoder, LONG_A, LONG_B, 4)
    peak = highest_memory() - before
    sizes = len(result.a.tokens), len(result.b.tokens)
    d = 384
    theirs = sizes[0] * d * sizes[1] * d * 4 / 2**20
    print(
        f"peak memory, {sizes[0]} and {sizes[1]} tokens, l=4: {peak / 1024:.0f} MB above the "
        f"loaded model (one matrix of all feature pairs alone: {theirs:.0f} MB)"
    )


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--steps", type=int, default=100, help="right-endpoint steps (100)")
    parser.add_argument("--memory", action="store_true", help="only the peak memory")
    arguments = parser.parse_args()
    if arguments.memory:
        peak_memory()
        return
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} torch threads, "
        f"torch {torch.__version__}"
    )
    minilm = load_encoder(device="cpu")
    for layer in (5, 3):
        ratios = [
            compare("all-MiniLM-L6-v2", minilm, layer, arguments.steps, text) for text in TEXTS
        ]
        print(f"layer {layer}: median of the texts {statistics.median(ratios):.0f} times as fast")
        pair = seconds(lambda layer=layer: attribute(minilm, *TEXTS[:2], layer))
        print(f"layer {layer}: a whole pair, from text to account, takes {pair * 1000:.0f} ms")
    mpnet = Encoder(
        make_model("mpnet", blocks=12, hidden=768, heads=12, dtype=torch.float32), "random mpnet"
    )
    compare("random MPNet, 12 blocks, 768 wide", mpnet, 9, arguments.steps, MPNET_TEXT)
    subprocess.run([sys.executable, __file__, "--memory"], check=True)


if __name__ == "__main__":
    main()
