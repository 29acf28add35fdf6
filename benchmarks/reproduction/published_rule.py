"""What the published rule's numerical error does to cells: right endpoint, N = 100.

    python -m benchmarks.reproduction.published_rule PAIRS MODEL --layers 9,8 --out FILE.parquet

Both matrices of a pair are those of the published treatment of the cosine (``endpoint``), so that
only the integral differs; the converged one meets 1e-3. Pairs are spread evenly over the set. What
the file has already is not computed again.
"""

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from xsb_core import Encoder, Recipe, attribute_pairs, load_encoder
from xsb_core.comparison.agreement import cell_agreement
from xsb_core.integration.factors import PUBLISHED_STEPS
from xsb_core.training.data import ScoredPairs, read_scored

STEPS = PUBLISHED_STEPS
COUNT = 21


def compared(encoder: Encoder, pairs: ScoredPairs, row: int, layer: int) -> dict[str, object]:
    """How far the published rule's cells of a pair are from the converged ones.

    Returns:
        Besides what ``Agreement`` has: ``flipped``, the share of cells of the other sign;
        ``flipped_weight``, their share of the sum of all cells' sizes; ``worst``, the largest error
        over the largest cell; the ``residual`` of the published rule, and of the converged one.
    """
    rules = (Recipe(layer=layer, cosine="endpoint", quadrature="right-endpoint", steps=STEPS),
             Recipe(layer=layer, cosine="endpoint"))  # fmt: skip
    published, converged = (
        next(attribute_pairs(encoder, [(pairs.a[row], pairs.b[row])], rule)) for rule in rules
    )
    theirs, true = (np.asarray(one.matrix, dtype=float) for one in (published, converged))
    flipped = np.sign(theirs) != np.sign(true)
    return {
        "model": encoder.name,
        "layer": layer,
        "id": str(row),
        "flipped": flipped.mean(),
        "flipped_weight": np.abs(true[flipped]).sum() / np.abs(true).sum(),
        "worst": np.abs(theirs - true).max() / np.abs(true).max(),
        "residual": max(published.residual_a, published.residual_b),
        "residual_converged": max(converged.residual_a, converged.residual_b),
        "nodes_converged": max(converged.nodes_a, converged.nodes_b),
        **dataclasses.asdict(cell_agreement(published.matrix, converged.matrix)),
    }


def main() -> None:
    """Writes the table, pair by pair."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("model")
    parser.add_argument("--layers", default="9,8")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    pairs = read_scored(asked.pairs)
    encoder = load_encoder(asked.model)
    rows = np.linspace(0, len(pairs) - 1, asked.count).round().astype(int).tolist()
    # multiples of 16 first, then of 8 and so on: what is there so far is spread too
    order = sorted(range(len(rows)), key=lambda at: -(at & -at) if at else -len(rows))
    found = pd.read_parquet(asked.out).to_dict("records") if asked.out.exists() else []
    known = {(one["model"], one["layer"], one["id"]) for one in found}
    for row in (rows[at] for at in order):
        for layer in map(int, asked.layers.split(",")):
            if (encoder.name, layer, str(row)) not in known:
                found.append(compared(encoder, pairs, row, layer))
                pd.DataFrame(found).to_parquet(asked.out, compression="zstd", index=False)


if __name__ == "__main__":
    main()
