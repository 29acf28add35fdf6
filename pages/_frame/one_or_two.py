"""One model or two, side by side."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages._frame.models import pick_encoder, pick_layer
from pages._frame.say import say
from xsb_core import Encoder, TextError

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
    encoders, problems = [], []
    for number, default in enumerate(DEFAULTS[: 1 + two], 1):
        try:
            with about_model(number, two):
                label = f"Model {number}" if two else "Model"
                encoders.append(pick_encoder(f"model_{number}", label, DEFAULTS[0], default))
        except ValueError as error:
            problems.append(error)
    for problem in problems:
        say(problem)
    if problems:
        return []
    layers = [pick_layer(encoders[0])]
    if two and encoders[1].blocks == encoders[0].blocks:
        layers *= 2
    elif two:
        layers.append(pick_layer(encoders[1], "layer_2", "Layer of model 2"))
    return list(zip(encoders, layers, strict=True))


@contextmanager
def about_model(number: int, two: bool) -> Iterator[None]:
    """Says which of two models an error is about; what is wrong with a text is wrong for both."""
    try:
        yield
    except TextError:
        raise
    except ValueError as error:
        raise ValueError(f"Model {number}: {error}" if two else str(error)) from error
