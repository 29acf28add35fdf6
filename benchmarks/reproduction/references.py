"""Similarities with references of every pair, from embeddings alone (the paper's Figure 2).

    python -m benchmarks.reproduction.references PAIRS MODEL ... --out FILE.parquet

A text is embedded once, and so is the reference of each length, which is the same for all texts of
that length. The columns are those of ``pair_measures`` that don't depend on a layer.
"""

import argparse
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from xsb_core import Encoder, load_encoder
from xsb_core.training.data import ScoredPairs, read_scored


def reference_table(encoder: Encoder, pairs: ScoredPairs) -> pd.DataFrame:
    """One row a pair: score, a_rb, b_ra and ra_rb; figures only."""
    texts = list(dict.fromkeys((*pairs.a, *pairs.b)))
    model: Any = encoder.model
    embedded = model.encode(texts, convert_to_tensor=True, show_progress_bar=False)
    embeddings = dict(zip(texts, embedded, strict=True))
    lengths = {text: len(encoder.tokenise(text)) for text in texts}
    by_length = {
        length: _reference(encoder, text)
        for length, text in {length: text for text, length in lengths.items()}.items()
    }
    a, b = (torch.stack([embeddings[text] for text in side]) for side in (pairs.a, pairs.b))
    r_a, r_b = (
        torch.stack([by_length[lengths[text]] for text in side]) for side in (pairs.a, pairs.b)
    )
    similarity = model.similarity_pairwise
    terms = {"score": (a, b), "a_rb": (a, r_b), "b_ra": (b, r_a), "ra_rb": (r_a, r_b)}
    return pd.DataFrame(
        {
            "id": [str(number) for number in range(len(pairs))],
            "run": encoder.name,
            "model": encoder.name,
            "blocks": encoder.blocks,
            "shifted": encoder.shifted,
            "similarity": encoder.similarity,
            **{name: similarity(*two).double().cpu().numpy() for name, two in terms.items()},
        }
    )


def _reference(encoder: Encoder, text: str) -> Tensor:
    reading, last = encoder.read(text).reference, encoder.blocks - 1
    with torch.no_grad():
        return reading.tail(last)(reading.hidden(last)[None])[0]


def main() -> None:
    """Writes the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    pairs = read_scored(asked.pairs)
    tables = [reference_table(load_encoder(model), pairs) for model in asked.models]
    table = pd.concat(tables, ignore_index=True)
    small = dict.fromkeys(("score", "a_rb", "b_ra", "ra_rb"), "float32")
    table.astype(small).to_parquet(asked.out, compression="zstd", index=False)


if __name__ == "__main__":
    main()
