"""Nodes, errors and time of the integral on real weights: ten texts of STS-B test, tolerance 1e-3.

    python benchmarks/integration.py ../shared/data/stsb/stsb-en-test.csv --layers 5,3,1,0
    python benchmarks/integration.py PAIRS --model /work/models/mpnet --layers 10,9,8,7,4,0
    python benchmarks/integration.py PAIRS --layers 4 --truth FOLDER

The texts are spread over the lengths 8 to 38. With ``--truth`` each layer's lines also give the
estimated √Σ‖err‖² of the factors over the real one, by a rule at 1e-6 in float64, and the largest
error of a cell (each text paired with the next) over the largest cell. What such a rule gives is
kept in the folder, so that a run that was ended goes on.
"""

import argparse
import csv
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch

from xsb_core import Encoder, Recipe, load_encoder
from xsb_core.attribution.text_factors import TextFactors, text_factors

TOLERANCE, TRUTH = 1e-3, 1e-6


def ten_texts(encoder: Encoder, pairs: Path) -> list[str]:
    """The first text of each of ten lengths."""
    with open(pairs, encoding="utf-8", newline="") as file:
        texts = [text for row in csv.reader(file) for text in row[:2]]
    by_length: dict[int, str] = {}
    for text in texts:
        by_length.setdefault(len(encoder.tokenise(text)), text)
    return [by_length[length] for length in np.linspace(8, 38, 10).round().astype(int).tolist()]


def measured(encoder: Encoder, texts: list[str], recipe: Recipe) -> list[TextFactors]:
    """Factors text by text, and a line of what they took."""
    used = time.process_time()
    found = [text_factors(encoder, text, recipe) for text in texts]
    used = time.process_time() - used
    nodes = [one.token.nodes for one in found]
    again = sum(one.token.work > one.token.nodes * len(one.side.tokens) for one in found)
    print(
        f"| {encoder.name} | {recipe.layer} | {statistics.median(nodes):g} | {max(nodes)} "
        f"| {sum(one.token.converged for one in found)} of {len(found)} "
        f"| {max(one.token.residual for one in found):.1e} "
        f"| {max(one.token.error for one in found):.1e} | {again} | {used:.0f} |",
        flush=True,
    )
    return found


def truth(double: Encoder, one: TextFactors, folder: Path) -> torch.Tensor:
    """A text's factors by a rule at 1e-6 in float64, from the folder where they are there."""
    kept = folder / f"{double.width}-{one.recipe.layer}-{len(one.side.tokens)}.npy"
    if not kept.exists():
        recipe = replace(one.recipe, tolerance=TRUTH, work_limit=10**6)
        found = text_factors(double, one.side.text, recipe).token
        assert found.converged, f"{kept.stem}: {found.residual:.1e}, {found.error:.1e}"
        folder.mkdir(exist_ok=True)
        np.save(kept, found.factors.numpy())
    return torch.from_numpy(np.load(kept))


def against_truth(double: Encoder, found: list[TextFactors], folder: Path) -> None:
    """How right the estimates are, and single cells."""
    ratios, exact = [], []
    for one in found:
        exact.append(truth(double, one, folder))
        error = torch.linalg.vector_norm(one.token.factors.double() - exact[-1])
        gap = torch.linalg.vector_norm(one.token.embedding - one.token.reference)
        ratios.append(one.token.error / float(error / gap))
    worst = 0.0
    for i in range(len(found)):
        j = (i + 1) % len(found)
        cells = exact[i] @ exact[j].T
        off = found[i].token.factors.double() @ found[j].token.factors.double().T - cells
        worst = max(worst, float(off.abs().max() / cells.abs().max()))
    right = sum(1 / 1.5 <= ratio <= 1.5 for ratio in ratios)
    print(
        f"    estimate over truth: {', '.join(f'{ratio:.2f}' for ratio in sorted(ratios))}; within "
        f"a factor 1.5: {right} of {len(ratios)}; largest error of a cell: {worst:.1e} of the "
        "largest",
        flush=True,
    )


def main() -> None:
    """Prints a row a layer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pairs", type=Path, help="stsb-en-test.csv")
    parser.add_argument("--model", help="folder of all-mpnet-base-v2; default MiniLM")
    parser.add_argument("--layers", default="5,3,1,0")
    parser.add_argument("--every", type=int, default=1, help="only every so many of the texts")
    parser.add_argument("--truth", type=Path, help="compare with a rule at 1e-6, kept in a folder")
    arguments = parser.parse_args()
    encoder = load_encoder(arguments.model, device="cpu")
    texts = ten_texts(encoder, arguments.pairs)[:: arguments.every]
    print(
        "| model | layer | nodes, median | most | converged | largest residual | largest error of "
        "factors | took a second attempt | CPU s |\n" + "| --- " * 9 + "|"
    )
    found = {
        layer: measured(encoder, texts, Recipe(layer=layer, tolerance=TOLERANCE))
        for layer in map(int, arguments.layers.split(","))
    }
    if arguments.truth:
        double = Encoder(load_encoder(arguments.model, device="cpu").model.double(), encoder.name)
        for layer, factors in found.items():
            print(f"layer {layer}")
            against_truth(double, factors, arguments.truth)


if __name__ == "__main__":
    main()
