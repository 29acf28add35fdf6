"""One model or two, side by side."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pages._frame.models import pick_encoder, pick_layer
from pages._frame.say import say
from xsb_core import Encoder, TextError
from xsb_core.errors import ParseError

DEFAULTS = ("shelf", "exact")
Chosen = list[tuple[Encoder, int]]


def pick_models() -> Chosen:
    """Pickers for a model and its layer, and for a second one behind a switch.

    Returns:
        Each model with its layer; an unusable model is told of in a sentence, and then none.
    """
    two = st.toggle(
        "Second model", True, key="two", bind="query-params", help="Two models side by side."
    )
    encoders, problems = pick_encoders(1 + two)
    for problem in problems:
        say(problem)
    return [] if problems else list(zip(encoders, pick_layers(encoders), strict=True))


def pick_encoders(
    count: int, keys: tuple[str, str] = ("model_1", "model_2")
) -> tuple[list[Encoder], list[ValueError]]:
    """Pickers for so many models, one or two.

    Args:
        count: How many.
        keys: Their keys, and the names of their choices in the URL.

    Returns:
        The encoders, and what keeps others from being used.
    """
    encoders, problems = [], []
    for number, (default, key) in enumerate(zip(DEFAULTS[:count], keys, strict=False), 1):
        try:
            with about_model(number, count):
                label = f"Model {number}" if count > 1 else "Model"
                encoders.append(pick_encoder(key, label, DEFAULTS[0], default))
        except ValueError as error:
            problems.append(error)
    return encoders, problems


def pick_layers(encoders: Sequence[Encoder]) -> list[int]:
    """One slider for encoders of one depth, else one each."""
    first, *others = encoders
    if all(other.blocks == first.blocks for other in others):
        return [pick_layer(first)] * len(encoders)
    (second,) = others
    layers = [
        pick_layer(first, label="Layer of model 1"),
        pick_layer(second, "layer_2", "Layer of model 2"),
    ]
    st.caption(
        f"Model 1 has {first.blocks} blocks and model 2 has {second.blocks}, so each has a layer "
        "of its own; both start three quarters up."
    )
    return layers


@contextmanager
def about_model(number: int, count: int = 2) -> Iterator[None]:
    """Says which of two models an error is about; what is wrong with a text is wrong for both."""
    try:
        yield
    except (TextError, ParseError):
        raise
    except ValueError as error:
        raise ValueError(f"Model {number}: {error}" if count > 1 else str(error)) from error
