"""Pickers for one model or two and their layers; encoders are shared by all sessions.

Torch is loaded with the first encoder, not before: a page's title and texts don't wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st

import xsb_core
from pages._frame.say import as_typed, guide, say
from pages._frame.settings import settings
from xsb_core import EMBEDDED_MODEL, READY_MODELS, ModelError, ready_models
from xsb_core.encoders.ready import MPNET_ON_HUB
from xsb_core.errors import ParseError, TextError

T = TypeVar("T")
_TYPED = "Pick one, or type a Hugging Face id or the path of a sentence-transformers folder. "
DEFAULTS = ("shelf", "exact")
Chosen = list[tuple["xsb_core.Encoder", int]]

_CHOSEN = "_model"
# The embedded model's names.
_EMBEDDED = {EMBEDDED_MODEL, READY_MODELS[0]}

# What the pickers offer after the embedded model, which pages name as suits them.
_MORE = (*ready_models()[1:], MPNET_ON_HUB)

MOST_BY_DEFAULT = 5
# Models in memory at a time.
MOST_ENCODERS = 4


def cached_encoder(name: str) -> xsb_core.Encoder:
    """An encoder, loaded once for all sessions.

    Raises:
        ModelError: If it can't be used. A public server says of all that it does not offer the
            same, so that nobody learns what lies on it.
    """
    allowed = settings()
    names = {*allowed.offered, *(_EMBEDDED if _EMBEDDED & {*allowed.offered} else ())}
    if allowed.public and name not in names:
        raise ModelError(
            f"This server offers only the models {', '.join(allowed.offered)}; choose one of them."
        )
    return _loaded(name)


@st.cache_resource(max_entries=MOST_ENCODERS, show_spinner="Loading the model …")
def _loaded(name: str) -> xsb_core.Encoder:
    return xsb_core.load_encoder(name)


def pick_model() -> tuple[xsb_core.Encoder, int] | None:
    """A model and its layer, picked in the sidebar; None, and a sentence here, if it can't be used.

    They are in the URL as ``model`` and ``layer``.
    """
    encoders = pick_encoders(1, ("model",), EMBEDDED_MODEL)
    if not encoders:
        return None
    with st.sidebar:
        return encoders[0], pick_layer(encoders[0])


def pick_models() -> Chosen:
    """Pickers for a model and its layer, and for a second one behind a switch.

    Returns:
        Each model with its layer; an unusable model is told of in a sentence, and then none.
    """
    two = st.toggle(
        "Second model", True, key="two", bind="query-params", help="Two models side by side."
    )
    encoders = pick_encoders(1 + two)
    if len(encoders) < 1 + two:
        return []
    return list(zip(encoders, pick_layer_of_each(encoders), strict=True))


def pick_encoders(
    count: int, keys: tuple[str, ...] = ("model_1", "model_2"), embedded: str = DEFAULTS[0]
) -> list[xsb_core.Encoder]:
    """One or two models, picked in the sidebar; in the URL by these keys.

    Args:
        count: How many.
        keys: Of the pickers.
        embedded: What the first model, the embedded one, is called.

    Returns:
        Those that can be used; what is wrong with others is said here, outside the sidebar.
    """
    encoders, problems = [], []
    with st.sidebar:
        defaults = (embedded, *DEFAULTS[1:])[:count]
        for number, (default, key) in enumerate(zip(defaults, keys, strict=False), 1):
            try:
                with about_model(number, count):
                    label = f"Model {number}" if count > 1 else "Model"
                    encoders.append(pick_encoder(key, label, embedded, default, first=number == 1))
            except ValueError as error:
                problems.append(error)
        if embedded == DEFAULTS[0]:
            st.caption(
                f"{DEFAULTS[0]} is {EMBEDDED_MODEL} as it comes; exact is made from it so that "
                "cells add up to the score by design."
            )
        if not settings().public and st.button("Which models work?", type="tertiary"):
            _show_models()
    for problem in problems:
        say(problem)
    return encoders


@st.dialog("Which models work?", width="large")
def _show_models() -> None:
    """What was tested, on real weights and on random ones, and what is refused."""
    st.markdown(guide("models").removeprefix("# Models"))


@contextmanager
def about_model(number: int, count: int = 2) -> Iterator[None]:
    """Says which of two models an error is about; what is wrong with a text is wrong for both."""
    try:
        yield
    except (TextError, ParseError):
        raise
    except ValueError as error:
        raise ValueError(f"Model {number}: {error}" if count > 1 else str(error)) from error


def by_model(models: Chosen, make: Callable[[xsb_core.Encoder, int], T]) -> dict[str, T]:
    """What is made of each model at its layer, by the model's name, which may come twice.

    Raises:
        ValueError: What ``make`` raises, with the model that it is about.
    """
    found: dict[str, T] = {}
    for number, (encoder, layer) in enumerate(models, 1):
        with about_model(number, len(models)):
            name = encoder.name if encoder.name not in found else f"{encoder.name} (2)"
            found[name] = make(encoder, layer)
    return found


def pick_encoder(
    key: str, label: str, embedded: str, default: str, *, first: bool = True
) -> xsb_core.Encoder:
    """A picker that also takes a hub id or a folder; ``embedded`` is the embedded model's name.

    A page's ``first`` model stays that of the page before, where it was chosen there.

    Raises:
        ModelError: If the model named can't be used; the picker stays.
    """
    allowed = settings()
    own = tuple(embedded if name == EMBEDDED_MODEL else name for name in allowed.offered)
    names = own if allowed.public else (embedded, *_MORE)
    default = default if default in names else names[0]
    chosen = st.session_state.get(_CHOSEN)
    asked = st.session_state.get(key, st.query_params.get(key))
    if asked in _EMBEDDED - {embedded}:
        st.session_state[key] = embedded
    elif first and chosen and asked is None:
        # on a page's first visit Streamlit does not write what is assigned into the link
        name = embedded if chosen in _EMBEDDED else chosen
        st.session_state[key] = name
        if name != default:
            st.query_params[key] = name
    name = st.selectbox(
        label,
        names,
        index=names.index(default),
        key=key,
        bind="query-params",
        accept_new_options=True,
        help=("" if allowed.public else _TYPED)
        + "exact, tuned and orig are variants of the embedded model: exact and orig are shifted "
        "and fine-tuned, so that token pairs add up to the score; tuned is fine-tuned only. Names "
        "that begin with mpnet- are the same of all-mpnet-base-v2, the paper's model.",
    )
    name = (name or default).strip()
    encoder = cached_encoder(name)
    if first:
        st.session_state[_CHOSEN] = name
    return encoder


def pick_layer_of_each(encoders: Sequence[xsb_core.Encoder]) -> list[int]:
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


def pick_layer(encoder: xsb_core.Encoder, key: str = "layer", label: str = "Layer") -> int:
    """A slider over the encoder's blocks, in the URL.

    The default is the encoder's own; a model of other depth brings its own default with it. A model
    of one block has nothing to choose.
    """
    if encoder.blocks == 1:
        return 0
    layers = range(encoder.blocks)
    asked = st.session_state.get(key, st.query_params.get(key))
    changed = st.session_state.get(f"_{key}_blocks") not in (None, encoder.blocks)
    if changed:
        st.session_state[key] = encoder.default_layer
    elif asked is not None and str(asked) not in map(str, layers):
        st.warning(
            as_typed(
                f"{label} {asked} is out of range: this model has layers 0 to "
                f"{encoder.blocks - 1}. Showing layer {encoder.default_layer}."
            )
        )
        st.session_state[key] = encoder.default_layer
    st.session_state[f"_{key}_blocks"] = encoder.blocks
    return st.select_slider(
        label,
        options=layers,
        value=encoder.default_layer,
        key=key,
        bind="query-params",
        help="Attribution is to the hidden states that enter this block: 0 is the word embeddings, "
        "the last layer is closest to the score. The paper studies layers 7 to 11 of 12.",
    )


def pick_layers(encoder: xsb_core.Encoder, key: str = "layers") -> list[int]:
    """A choice of several of the encoder's layers, in the URL; the default is the five deepest.

    Returns:
        The layers, shallowest first.
    """
    options = list(range(encoder.blocks))
    default = options[-MOST_BY_DEFAULT:]
    given = st.query_params.get_all(key)
    asked = [part.strip() for one in given for part in one.split(",") if part.strip()]
    if wrong := [one for one in asked if one not in map(str, options)]:
        st.warning(
            as_typed(
                f"Out of range in the link: layer {', '.join(wrong)}. This model has layers 0 to "
                f"{encoder.blocks - 1}."
            )
        )
    if st.session_state.get(f"_{key}_blocks") not in (None, encoder.blocks):
        # a model of other depth brings its own default with it
        st.session_state[key] = default
    elif key not in st.session_state and any("," in one for one in given):
        # Streamlit's own links repeat the name instead
        st.session_state[key] = [layer for layer in options if str(layer) in asked] or default
    st.session_state[f"_{key}_blocks"] = encoder.blocks
    chosen = st.multiselect(
        "Layers",
        options,
        default,
        key=key,
        bind="query-params",
        help="Attribution is to the hidden states that enter these blocks: 0 is the word "
        "embeddings, the last layer is closest to the score. Shallow layers take longest.",
    )
    return sorted(chosen)
