"""How well a model's similarities agree with people's: the paper's Table 1."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.stats import spearmanr
from sentence_transformers import MultiVectorEncoder

from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import DataError
from xsb_core.training.data import ScoredPairs

FEWEST_PAIRS = 3


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A row of the paper's Table 1.

    Attributes:
        model: The encoder's name.
        shift: Whether it is shifted by its references.
        trained: Whether it was fine-tuned by ``train``.
        attribution: "exact" or "approximate".
        pairs: How many pairs it was evaluated on.
        spearman: Spearman correlation of similarities and scores, × 100.
        squared_errors: (similarity − score)² of each pair.
    """

    model: str
    shift: bool
    trained: bool
    attribution: str
    pairs: int
    spearman: float
    squared_errors: Float[np.ndarray, " P"]


def predictions(model: Any, pairs: ScoredPairs) -> Float[np.ndarray, " P"]:
    """The model's own similarity of each pair; of late interaction, with queries first."""
    if isinstance(model, MultiVectorEncoder):  # vectors by the token, which make no one tensor
        a = model.encode_query(list(pairs.a), show_progress_bar=False)
        b = model.encode_document(list(pairs.b), show_progress_bar=False)
    else:
        a, b = (
            model.encode(list(texts), convert_to_tensor=True, show_progress_bar=False)
            for texts in (pairs.a, pairs.b)
        )
    return model.similarity_pairwise(a, b).double().cpu().numpy()


def check_rankable(pairs: ScoredPairs, name: str) -> None:
    """Refuses pairs, called ``name``, that have no rank correlation.

    Raises:
        DataError: If there are too few, or their scores are all the same.
    """
    if len(pairs) < FEWEST_PAIRS or np.ptp(pairs.scores) == 0:
        raise DataError(
            f"A rank correlation needs at least {FEWEST_PAIRS} pairs whose scores differ, which "
            f"{name} ({len(pairs)} pairs) does not have; give more pairs."
        )


def evaluate(encoder: Encoder, pairs: ScoredPairs) -> Evaluation:
    """Compares an encoder's similarities with scores.

    Args:
        encoder: The encoder.
        pairs: Pairs with scores in [0, 1].

    Returns:
        The evaluation. Source: the paper, section 4.2.

    Raises:
        DataError: If the pairs are too few, or their scores all the same, to be ranked.

    Examples:
        >>> evaluation = evaluate(encoder, read_scored("scored.csv"))
        >>> evaluation.pairs, evaluation.attribution
        (10, 'approximate')
    """
    check_rankable(pairs, "the data")
    predicted = predictions(encoder.model, pairs)
    return Evaluation(
        model=encoder.name,
        shift=encoder.shifted,
        trained=encoder.trained,
        attribution="exact" if encoder.shifted else "approximate",
        pairs=len(pairs),
        spearman=100 * float(spearmanr(predicted, pairs.scores).statistic),
        squared_errors=(predicted - pairs.scores) ** 2,
    )
