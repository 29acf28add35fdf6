"""Results made by hand, whose account adds up."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from xsb_core.attribution.result import Attribution, ReferenceTerms
from xsb_core.encoders.side import Side

# Texts of heatmaps.
ARABIC = "\u0645\u0631\u062d\u0628\u0627"
EMOJI = "\U0001f642"
A = ["not", "good", "not", "bad"]
B = ["very", "fine", "indeed"]


def words(count: int) -> list[str]:
    return [f"token{i}" for i in range(count - 2)]


def make_side(words: list[str], pieces: dict[str, str] | None = None) -> Side:
    """A text of these words, one token each, between [CLS] and [SEP]."""
    text = " ".join(words)
    spans, start = [], 0
    for word in words:
        spans.append((start, start + len(word)))
        start += len(word) + 1
    return Side(
        text=text,
        prompt="",
        read=len(text),
        tokens=("[CLS]", *words, "[SEP]"),
        pieces=("[CLS]", *((pieces or {}).get(word, word) for word in words), "[SEP]"),
        spans=((0, 0), *spans, (0, 0)),
        special=(True, *[False] * len(words), True),
    )


def make_result(
    words_a: list[str],
    words_b: list[str],
    *,
    pieces: dict[str, str] | None = None,
    score: float | None = None,
    seed: int = 0,
    **changes: Any,
) -> Attribution:
    """A result with random cells; ``changes`` overrides its fields.

    ``score`` is reached by the corner; without it the corner is 0.9.
    """
    rng = np.random.default_rng(seed)
    a, b = make_side(words_a, pieces), make_side(words_b, pieces)
    matrix = rng.normal(0, 0.04, (len(a.tokens), len(b.tokens)))
    border_a = rng.normal(-0.05, 0.03, len(a.tokens))
    border_b = rng.normal(-0.05, 0.03, len(b.tokens))
    sums = matrix.sum() + border_a.sum() + border_b.sum()
    corner = 0.9 if score is None else score - sums
    fields = {
        "model": "sentence-transformers/all-MiniLM-L6-v2",
        "revision": None,
        "layer": 4,
        "blocks": 6,
        "shifted": False,
        "similarity": "cosine",
        "cosine": "through",
        "quadrature": "gauss-legendre",
        "tolerance": 1e-3,
        "steps": None,
        "a": a,
        "b": b,
        "words": None,
        "matrix": matrix,
        "border_a": border_a,
        "border_b": border_b,
        "corner": corner,
        "score": sums + corner,
        "reference_terms": ReferenceTerms(
            a_rb=corner + border_a.sum(), b_ra=corner + border_b.sum(), ra_rb=corner
        ),
        "sum_matrix": matrix.sum(),
        "sum_border_a": border_a.sum(),
        "sum_border_b": border_b.sum(),
        "residual_a": 4.2e-5,
        "residual_b": 3.1e-5,
        "nodes_a": 8,
        "nodes_b": 8,
        "error_a": 5.1e-5,
        "error_b": 2.9e-5,
        "cell_error": 4.4e-5,
        "panels_a": 1,
        "panels_b": 3,
        "work_a": 48,
        "work_b": 40,
        "needed_a": 48,
        "needed_b": 40,
        "work_limit": 50_000,
        "converged": True,
        "device": "cpu",
        "dtype": "float32",
        "seconds": 0.08,
        "versions": {"torch": "2.13.0", "transformers": "5.23.0"},
    }
    return Attribution(**(fields | changes))


def trace(figure: go.Figure, name: str) -> go.Heatmap | go.Scatter:
    """A figure's trace, by its name."""
    return next(trace for trace in figure.data if trace.name == name)


def names(figure: go.Figure) -> list[str]:
    """The names of a figure's traces."""
    return [trace.name for trace in figure.data]
