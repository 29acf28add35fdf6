"""An encoder whose word interactions are known, and pairs in which some are planted."""

from functools import cache

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from xsb_core import Encoder
from xsb_core.evidence.gold import GoldPair, read_gold

CONCEPTS, FILLERS = 12, 40


@cache
def bilinear() -> Encoder:
    """f(a, b) = Σ_ij x_i · y_j / (S_a S_b): word k of A goes with word k of B and no other."""
    axes = torch.eye(CONCEPTS + FILLERS + 1, dtype=torch.float64)
    names = [f"{side}{k}" for side in "ab" for k in range(CONCEPTS)]
    rows = [axes[k] for _ in "ab" for k in range(CONCEPTS)]
    names += [f"x{k}" for k in range(FILLERS)]
    rows += [axes[CONCEPTS + k] for k in range(FILLERS)]
    vocabulary = {name: number for number, name in enumerate([*names, "?"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = torch.stack([*rows, axes[-1]])
    module = StaticEmbedding(tokenizer, embedding_weights=weights.float())
    model = SentenceTransformer(modules=[module.double()], device="cpu", similarity_fn_name="dot")
    return Encoder(model, "bilinear")


def planted(tmp_path, count: int = 30) -> list[GoldPair]:
    """Pairs of seven words, three of them linked, in any order."""
    rng = np.random.default_rng(0)
    lines = []
    for _ in range(count):
        shared = rng.permutation(CONCEPTS)[:3]
        fillers = rng.permutation(FILLERS)[:8]
        a = [f"a{k}" for k in shared] + [f"x{k}" for k in fillers[:4]]
        b = [f"b{k}" for k in shared] + [f"x{k}" for k in fillers[4:]]
        a, b = list(rng.permutation(a)), list(rng.permutation(b))
        links = " ".join(f"{a.index(f'a{k}')}-{b.index(f'b{k}')}" for k in shared)
        lines.append(f"{' '.join(a)} ||| {' '.join(b)} ||| {links}")
    path = tmp_path / "planted.txt"
    path.write_text("\n".join(lines))
    pairs, rejects = read_gold(path)
    assert not rejects
    return pairs
