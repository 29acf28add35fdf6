"""One or two models' attributions of a pair at several layers, cell against cell."""

from collections.abc import Sequence

from xsb_core.attribution.numerals import counted
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import to_words
from xsb_core.comparison.layers import Depths, by_depth
from xsb_core.comparison.models import compare
from xsb_core.comparison.verdict import notes


def layer_rounds(blocks: Sequence[int], layers: Sequence[int]) -> list[list[tuple[int, int]]]:
    """What one or two models are asked for, layer by layer, deepest first.

    Args:
        blocks: Each model's number of blocks.
        layers: Layers of the first model.

    Returns:
        For each layer the models, numbered from 0, that have one with as many blocks before the
        score, and which of their layers that is.

    Example:
        >>> layer_rounds([6, 4], [1, 3])
        [[(0, 3), (1, 1)], [(0, 1)]]
    """
    return [
        [
            (number, layer - blocks[0] + own)
            for number, own in enumerate(blocks)
            if number == 0 or layer - blocks[0] + own >= 0
        ]
        for layer in sorted(layers, reverse=True)
    ]


def partner_notes(blocks: Sequence[int], layers: Sequence[int]) -> list[str]:
    """Says which layers have no partner in the second model; nothing where all have one.

    Args:
        blocks: As for ``layer_rounds``.
        layers: As for ``layer_rounds``.
    """
    missing = [str(layer) for layer in layers if layer - blocks[0] + blocks[-1] < 0]
    if not missing:
        return []
    return [
        f"Model 2 has {counted(blocks[-1], 'block')}, so it has no counterpart of layer"
        f" {', '.join(missing)}."
    ]


def pair_depths(results: Sequence[Sequence[Attribution]], words: str | None = None) -> list[Depths]:
    """Brings one or two models' results to the same rows and columns at all layers.

    Args:
        results: Of one or two models, one or more layers each, at token level.
        words: None for tokens (or, where two models' tokens differ, for means over words), "mean"
            or "sum".

    Returns:
        One a model, layers in order.

    Raises:
        ValueError: If the texts differ, or there are no results of a model.

    Examples:
        >>> (depths,) = pair_depths([[result, other]])
        >>> depths.layers
        [4, 5]
    """
    if not any(results):
        raise ValueError("Expected results of one or two models, got none; attribute a pair first.")
    if len(results) == 1:
        (own,) = results
        return [by_depth([to_words(result, words) for result in own] if words else own)]
    first, second = results
    if not (first and second):
        layers = ", ".join(str(result.layer) for result in first or second)
        raise ValueError(
            f"Model {2 if first else 1} has no counterpart of layer {layers} of the other model; "
            "ask for layers that leave as many blocks before the score in both."
        )
    compared = [compare(first[0], result, words) for result in second]
    backward = [compare(result, second[0], words) for result in first]
    return [
        by_depth([one.first_cells for one in backward]),
        by_depth([one.second_cells for one in compared]),
    ]


def pair_notes(results: Sequence[Sequence[Attribution]], words: str | None = None) -> list[str]:
    """What to know first of two models' cells, as ``notes`` says it; nothing for one model.

    Args:
        results: As for ``pair_depths``.
        words: As for ``pair_depths``.
    """
    if len(results) == 1:
        return []
    first, second = results
    return notes(compare(first[0], second[0], words))
