"""The Exact model's promise on STS-B test pairs: token pairs alone are the score.

    python benchmarks/exactness.py ../shared/data/stsb [MODEL [PAIRS]]

Reference terms are those of the account (borders and corner, as computed), not the zeros that a
result of a shifted encoder reports.
"""

import sys
import time

import numpy as np

from xsb_core import Recipe, attribute_pairs, load_encoder
from xsb_core.training.data import evaluation_pairs

LAYERS = (5, 3, 1, 0)


def main() -> None:
    """Prints one row a layer."""
    data, model, count = [*sys.argv[1:], *["exact", "200"][len(sys.argv) - 2 :]]
    pairs = evaluation_pairs(data)
    # spread over the set, whose parts come from different sources
    rows = np.linspace(0, len(pairs) - 1, int(count)).round().astype(int)
    encoder = load_encoder(model)
    print(f"{model}, {len(rows)} pairs of {data}")
    print(
        "| layer | largest |ΣA − score| | largest reference term | largest residual | most nodes |"
    )
    print("| --- | --- | --- | --- | --- |")
    start = time.perf_counter()
    for layer in LAYERS:
        chosen = [(pairs.a[i], pairs.b[i]) for i in rows]
        results = list(attribute_pairs(encoder, chosen, Recipe(layer=layer)))
        gap = max(abs(r.sum_matrix - r.score) for r in results)
        terms = max(
            abs(term)
            for r in results
            for term in (r.sum_border_a, r.sum_border_b, r.corner, r.reference_terms.ra_rb)
        )
        residual = max(max(r.residual_a, r.residual_b) for r in results)
        nodes = max(max(r.nodes_a, r.nodes_b) for r in results)
        print(f"| {layer} | {gap:.1e} | {terms:.1e} | {residual:.1e} | {nodes} |", flush=True)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
