"""A pair's attribution from its texts' factors, at the cost of a product of two matrices."""

import dataclasses
import time
from functools import lru_cache
from importlib.metadata import version

import torch

from xsb_core.attribution.cosine import bordered_cells, reference_terms, similarity
from xsb_core.attribution.matching import best_matches, shared_terms
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.text_factors import TextFactors
from xsb_core.encoders.pipeline import LATE, SPARSE
from xsb_core.encoders.side import Side


def pair_attribution(text_a: TextFactors, text_b: TextFactors) -> Attribution:
    """A pair's attribution from its texts' factors.

    Args:
        text_a: Factors of the first text: the rows.
        text_b: Factors of the second, from the same encoder with the same recipe.

    Returns:
        The attribution: one row a token of the first text, or a word or sentence if its factors
        are those. Source: the paper's Eq. 2; docs/method.md, section 5.

    Raises:
        ValueError: If the factors are not of one encoder and recipe.

    Examples:
        >>> dog, puppy = (text_factors(encoder, text) for text in ("A dog.", "A puppy."))
        >>> pair_attribution(dog, puppy).b.tokens
        ('[CLS]', 'A', 'puppy', '.', '[SEP]')
    """
    start = time.perf_counter()
    _check_alike(text_a, text_b)
    encoder, recipe = text_a.encoder, text_a.recipe
    a, b = text_a.token, text_b.token
    matched = encoder.kind == LATE
    cells = best_matches(text_a, text_b) if matched else bordered_cells(a, b, recipe.cosine)
    total = float(cells.matrix.sum())
    return Attribution(
        model=encoder.name,
        revision=encoder.revision,
        blocks=encoder.blocks,
        shifted=encoder.shifted,
        similarity=encoder.similarity,
        **{field.name: getattr(recipe, field.name) for field in dataclasses.fields(recipe)},
        a=_with_shares(text_a),
        b=_with_shares(text_b),
        words="sum" if text_a.side.shares or text_b.side.shares else None,
        matrix=cells.matrix.cpu().numpy(),
        border_a=cells.border_a.cpu().numpy(),
        border_b=cells.border_b.cpu().numpy(),
        corner=cells.corner,
        score=total if matched else similarity(a.embedding, b.embedding, encoder.similarity),
        reference_terms=reference_terms(a, b, encoder),
        sum_matrix=total,
        sum_border_a=float(cells.border_a.sum()),
        sum_border_b=float(cells.border_b.sum()),
        residual_a=a.residual,
        residual_b=b.residual,
        nodes_a=a.nodes,
        nodes_b=b.nodes,
        error_a=a.error,
        error_b=b.error,
        cell_error=cells.error,
        panels_a=a.panels,
        panels_b=b.panels,
        work_a=a.work,
        work_b=b.work,
        needed_a=a.needed,
        needed_b=b.needed,
        converged=a.converged and b.converged,
        device=str(encoder.device),
        dtype=str(encoder.dtype).removeprefix("torch."),
        seconds=text_a.seconds + text_b.seconds + time.perf_counter() - start,
        versions=dict(_versions()),
        stored=encoder.stored,
        notes=encoder.notes,
        kind=encoder.kind,
        terms=shared_terms(text_a, text_b) if encoder.kind == SPARSE else (),
    )


def _with_shares(text: TextFactors) -> Side:
    """The side, each row's share of the reference by the size of its factor (section 7)."""
    sizes = torch.linalg.vector_norm(text.token.factors.double(), dim=1).cpu()
    total = float(sizes.sum())
    return dataclasses.replace(text.side, shares=tuple((sizes / total).tolist()) if total else ())


@lru_cache
def _versions() -> dict[str, str]:
    """Read from the packages' files once: a table of pairs would read them once a pair."""
    return {name: version(name) for name in ("torch", "transformers", "sentence-transformers")}


def _check_alike(a: TextFactors, b: TextFactors) -> None:
    if a.encoder is not b.encoder:
        raise ValueError(
            "The factors of a pair must be computed by one encoder, loaded once; got those of two: "
            f"{a.encoder.name} and {b.encoder.name}."
        )
    for one, partner in ((a, b), (b, a)):
        if one.seen_by is not None and _identity(one.seen_by) != _identity(partner):
            raise ValueError(
                "Factors that were computed for one partner, seen_by, can't meet another; compute "
                "them without, or for it."
            )
    for field in dataclasses.fields(a.recipe):
        first, second = getattr(a.recipe, field.name), getattr(b.recipe, field.name)
        if first != second:
            raise ValueError(
                f"The factors of a pair must be computed alike, but their {field.name} differs: "
                f"{first} and {second}."
            )


def _identity(text: TextFactors) -> tuple:
    return id(text.encoder), text.recipe, text.side
