"""One text's factors, ours and the published algorithm's: errors, time, memory.

    python benchmarks/pair.py                                  # MiniLM, a few minutes
    python benchmarks/pair.py --mpnet /work/models/mpnet --dimensions 48

Both work on the same loaded model object and the same recorded tail, unnormalised as in the
published code. Ours includes all that chooses and checks nodes. Errors are told by a rule at 1e-5
in float64; seconds are the processor's, so that what else the machine does counts little.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks/

import torch
from torch import Tensor

from benchmarks.published import integrated_jacobian
from xsb_core import Encoder, Settings, TokenFactors, attribute, load_encoder, token_factors

# Twelve tokens, special tokens included.
TEXT = "A man is playing a guitar on the stage."
RAIN_A, RAIN_B = "It poured, and it blew so very hard.", "It blew on and on."
LONG_A = "Rain fell on the quiet harbour town and on its narrow streets. " * 4 + RAIN_A
LONG_B = "A storm came over the sleepy port while nobody was out of doors. " * 4 + RAIN_B
LAYERS = {6: (4,), 12: (9, 8)}  # by the number of blocks
STEPS = (50, 100)
MOST_STEPS = 3200
DEFAULT = Settings()


class Compared:
    """Rules for one text at one layer, against the truth."""

    def __init__(self, encoder: Encoder, double: Encoder, layer: int) -> None:
        """Reads the text, and computes the truth."""
        reading = encoder.read(TEXT)
        self.tail = reading.text.tail(layer)
        self.x, self.r = reading.text.hidden(layer), reading.reference.hidden(layer)
        exact = double.read(TEXT)
        hidden = exact.text.hidden(layer), exact.reference.hidden(layer)
        self.true = token_factors(exact.text.tail(layer), *hidden, Settings(tolerance=1e-5))
        self.gap = float((self.true.embedding - self.true.reference).norm())

    def errors(self, factors: Tensor) -> tuple[float, float]:
        """√Σ‖err‖² over the change of the embedding; the worst over the largest factor."""
        off = (factors.double() - self.true.factors).norm(dim=1)
        return float(off.norm() / self.gap), float(off.max() / self.true.factors.norm(dim=1).max())

    def told(self, label: str, settings: Settings) -> tuple[TokenFactors, float]:
        """The factors by a rule and their seconds; prints a row."""
        start = time.process_time()
        found = token_factors(self.tail, self.x, self.r, settings)
        used = time.process_time() - start
        every, worst = self.errors(found.factors)
        print(
            f"| {label} | {found.nodes} | {found.residual:.1e} | {every:.1e} | {worst:.1e} "
            f"| {used:.2f} |",
            flush=True,
        )
        return found, used

    def published(self, steps: int, dimensions: int, factors: Tensor) -> float:
        """The published algorithm's seconds; its rows must be those of our own factors."""
        seconds = []
        for count in (1, dimensions):  # the forward pass is taken once, whatever the share
            start = time.process_time()
            rows = integrated_jacobian(self.tail, self.x, self.r, steps, count)
            seconds.append(time.process_time() - start)
        own = torch.einsum("ksd,sd->sk", rows, self.x - self.r)
        torch.testing.assert_close(own, factors[:, :dimensions], rtol=1e-3, atol=1e-4)
        one, some = seconds
        return one + (some - one) * (factors.shape[1] - 1) / (dimensions - 1)

    def steps_for(self, residual: float) -> str:
        """How many right-endpoint steps reach a residual, doubling them."""
        together = torch.ones(1, len(self.x), dtype=torch.bool)
        steps = STEPS[-1]
        while steps < MOST_STEPS:
            steps *= 2
            found = token_factors(
                self.tail, self.x, self.r, Settings("right-endpoint", steps=steps), together
            )
            if found.residual <= residual:
                return f"N = {steps} meets {residual:.0e} (N = {steps // 2} does not)"
        return f"N = {steps} still misses {residual:.0e}: {found.residual:.1e}"


def compare(encoder: Encoder, layer: int, dimensions: int) -> None:
    """Prints a table of rules, and how many times as fast ours is."""
    double = Encoder(load_encoder(encoder.name, device="cpu").model.double(), encoder.name)
    compared = Compared(encoder, double, layer)
    token_factors(compared.tail, compared.x, compared.r, Settings(steps=2))  # warm up
    print(
        f"\n{encoder.name}, layer {layer}, {len(compared.x)} tokens\n\n"
        "| rule | nodes | residual | all factors | worst factor | CPU s |\n" + "| --- " * 6 + "|"
    )
    cells = {
        n: compared.told(f"published, N = {n}", Settings("right-endpoint", steps=n))[0]
        for n in STEPS
    }
    factors = cells[STEPS[0]].factors
    theirs = max(cells[STEPS[0]].residual, compared.errors(factors)[0])
    _, same = compared.told("ours, to the error of N = 50", Settings(tolerance=min(theirs, 0.9)))
    _, ours = compared.told("ours, by default", DEFAULT)
    dimensions = min(dimensions, factors.shape[1])
    slow = compared.published(STEPS[0], dimensions, factors)
    print(
        f"\nThe published algorithm, N = {STEPS[0]}: {slow:.1f} CPU s (by {dimensions} of "
        f"{factors.shape[1]} dimensions; the cells of its row above are computed by ours, and "
        f"agree); ours is {slow / same:.0f} times as fast to its error, {slow / ours:.0f} times to "
        f"{DEFAULT.tolerance:.0e}. By right endpoints "
        f"{compared.steps_for(DEFAULT.tolerance)}; its time grows as N.",
        flush=True,
    )


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
    d = encoder.width
    theirs = sizes[0] * d * sizes[1] * d * 4 / 2**20
    print(
        f"peak memory, {sizes[0]} and {sizes[1]} tokens, l=4: {peak / 1024:.0f} MB above the "
        f"loaded model (one matrix of all feature pairs alone: {theirs:.0f} MB)"
    )


def add_mpnet(parser: argparse.ArgumentParser) -> None:
    """Lets a command also use the paper's model, where it is."""
    parser.add_argument(
        "--mpnet",
        default=os.environ.get("XSB_MPNET"),
        help="folder of all-mpnet-base-v2; default: what XSB_MPNET names, else only MiniLM",
    )


def machine() -> str:
    """What figures were measured on."""
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"{torch.get_num_threads()} torch threads, torch {torch.__version__}"
    )


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_mpnet(parser)
    parser.add_argument(
        "--dimensions",
        type=int,
        default=768,
        help="of the published algorithm, at least 2, from whose time that of all is told",
    )
    parser.add_argument("--memory", action="store_true", help="only the peak memory")
    arguments = parser.parse_args()
    if arguments.memory:
        peak_memory()
        return
    print(machine())
    for name in ["shelf", *filter(None, [arguments.mpnet])]:
        encoder = load_encoder(name, device="cpu")
        for layer in LAYERS[encoder.blocks]:
            compare(encoder, layer, arguments.dimensions)
    subprocess.run([sys.executable, __file__, "--memory"], check=True)


if __name__ == "__main__":
    main()
