"""One pair at several layers: how totals, order of cells, cost and error change with depth."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.cells import Look, cell_table, shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.comparison.agreement import Agreement, cell_agreement

# Rank correlations of the first and the last layer from which cells are said to change so much.
_CHANGES = ((0.9, "little"), (0.7, "somewhat"), (-1.0, "much"))


@dataclass(frozen=True)
class Depths:
    """One model's attributions of one pair, by layer.

    Attributes:
        results: One a layer, shallowest first, with the same rows and columns.
    """

    results: tuple[Attribution, ...]

    def __post_init__(self) -> None:
        if not self.results:
            raise ValueError("Expected the results of one layer at least, got none; name a layer.")
        first = self.results[0]
        if len({result.layer for result in self.results}) < len(self.results):
            raise ValueError(f"Expected each layer once, got {self.layers}; leave repeats out.")
        for result in self.results[1:]:
            if (result.a.tokens, result.b.tokens) != (first.a.tokens, first.b.tokens):
                raise ValueError(
                    f"Expected one pair at several layers, but layer {result.layer} has other "
                    f"tokens than layer {first.layer}; attribute the same texts by one model."
                )

    @property
    def layers(self) -> list[int]:
        """The layers, shallowest first."""
        return [result.layer for result in self.results]

    @property
    def model(self) -> str:
        """The model's name."""
        return self.results[0].model


def by_depth(results: Sequence[Attribution]) -> Depths:
    """Puts one model's results for one pair in the order of their layers.

    Raises:
        ValueError: If there are none, or they are not of one pair.

    Examples:
        >>> by_depth([result, other]).layers
        [4, 5]
    """
    return Depths(tuple(sorted(results, key=lambda result: result.layer)))


def token_totals(
    depths: Depths, look: Look = Look()
) -> tuple[Float[np.ndarray, "rows layers"], Float[np.ndarray, "columns layers"]]:
    """Each token's total at each layer: the sum of its row, or its column, of cells.

    Args:
        depths: A pair at some layers.
        look: Which cells are shown, and count.

    Returns:
        The totals of text A's and of text B's tokens.

    Examples:
        >>> rows, columns = token_totals(by_depth([result, other]))
        >>> rows.shape, columns.shape
        ((7, 2), (8, 2))
    """
    matrices = [shown_cells(result, look) for result in depths.results]
    return (
        np.stack([matrix.sum(1) for matrix in matrices], axis=1),
        np.stack([matrix.sum(0) for matrix in matrices], axis=1),
    )


def layer_correlations(depths: Depths, look: Look = Look()) -> Float[np.ndarray, "layers layers"]:
    """Spearman correlation of the cells of every two layers; NaN where it is not defined.

    Examples:
        >>> layer_correlations(by_depth([result, other])).shape
        (2, 2)
    """
    matrices = [shown_cells(result, look) for result in depths.results]
    return np.array(
        [[cell_agreement(one, other).spearman for other in matrices] for one in matrices]
    )


def depth_answer(depths: Depths, look: Look = Look()) -> str:
    """Says how far cells change over a pair's layers.

    Args:
        depths: A pair at some layers.
        look: Which cells count.

    Examples:
        >>> depth_answer(by_depth([result]))
        'tiny: layer 4 alone says nothing of depth; choose another layer.'
    """
    layers, model = depths.layers, depths.model
    if len(layers) == 1:
        return f"{model}: layer {layers[0]} alone says nothing of depth; choose another layer."
    ranked = layer_correlations(depths, look)
    ends = ranked[0, -1]
    if np.isnan(ranked).any():
        return f"{model}: at some layer all cells are alike, so there is nothing to compare."
    how = next(word for least, word in _CHANGES if ends >= least)
    steps = np.diagonal(ranked, 1)
    least = int(steps.argmin())
    said = (
        f"{model}: the order of cells changes {how} from layer {layers[0]} to {layers[-1]} (it "
        f"agrees to {ends:.2f}; 1 is the same order)"
    )
    if len(layers) > 2:
        said += f", of neighbours most between {layers[least]} and {layers[least + 1]} "
        said += f"({steps[least]:.2f})"
    return f"{said}; {_leading(depths, look)}."


def _leading(depths: Depths, look: Look) -> str:
    """Which pair leads, and at how many of the layers."""
    first = [
        tuple(table.loc[table["value"].abs().idxmax(), ["token_a", "token_b"]])
        for table in (cell_table(one, look) for one in depths.results)
    ]
    pair, count = Counter(first).most_common(1)[0]
    where = "at each" if count == len(first) else f"at {count} of {len(first)} layers"
    return f"the strongest pair is {pair[0]}–{pair[1]} {where}"


def cost_table(models: Sequence[Depths]) -> pd.DataFrame:
    """What each layer's result took and how exact it is.

    Args:
        models: One or two models' results for a pair.

    Returns:
        Columns model (numbered where there are two), layer, score, sum_matrix, residual (the larger
        of both texts'), nodes (likewise), seconds.

    Examples:
        >>> cost_table([by_depth([result, other])])["layer"].tolist()
        [4, 5]
    """
    return pd.DataFrame(
        [
            {
                "model": name,
                "layer": result.layer,
                "score": result.score,
                "sum_matrix": result.sum_matrix,
                "residual": max(result.residual_a, result.residual_b),
                "nodes": max(result.nodes_a, result.nodes_b),
                "seconds": result.seconds,
            }
            for name, result in _named(models)
        ]
    )


def model_agreements(first: Depths, second: Depths, look: Look = Look()) -> dict[int, Agreement]:
    """How far two models agree at each layer, by the first model's layers.

    A layer's partner is the one that leaves as many blocks, so that models of different depth meet
    at the score. Layers without one are left out.

    Args:
        first: A pair at some layers.
        second: Another model's, with the same rows and columns (see ``compare``).
        look: Which cells count.

    Examples:
        >>> depths = by_depth([result, other])
        >>> model_agreements(depths, depths)[4].jaccard_10
        1.0
    """
    partners = {result.blocks - result.layer: result for result in second.results}
    return {
        result.layer: cell_agreement(
            shown_cells(result, look),
            shown_cells(partners[result.blocks - result.layer], look),
        )
        for result in first.results
        if result.blocks - result.layer in partners
    }


def depth_table(models: Sequence[Depths], look: Look = Look()) -> pd.DataFrame:
    """All cells of one or two models at all layers: ``cell_table`` with model and layer.

    Models are numbered where there are two.
    """
    tables = [
        cell_table(result, look).assign(model=name, layer=result.layer)
        for name, result in _named(models)
    ]
    whole = pd.concat(tables, ignore_index=True)
    return whole[["model", "layer", *whole.columns.drop(["model", "layer"])]]


def depth_notes(models: Sequence[Depths]) -> list[str]:
    """What limits the figures of a pair by layer, in sentences."""
    notes = []
    for depths in models:
        if len(depths.results) == 1:
            notes.append(
                f"There is one layer of {depths.model} only ({depths.layers[0]}), so nothing is "
                "seen of how depth counts; ask for more."
            )
        elif np.isnan(layer_correlations(depths)).any():
            notes.append(
                f"At some layer all cells of {depths.model} are alike, so their order can't be "
                "compared with other layers'."
            )
        missed = [result.layer for result in depths.results if not result.converged]
        if missed:
            notes.append(
                f"{depths.model} misses the tolerance at layer {', '.join(map(str, missed))}; read "
                "these cells with care."
            )
    return notes


def _named(models: Sequence[Depths]) -> list[tuple[str, Attribution]]:
    """All results with their models' names, which can be twice the same."""
    return [
        (f"{number}: {depths.model}" if len(models) > 1 else depths.model, result)
        for number, depths in enumerate(models, 1)
        for result in depths.results
    ]
