"""What a background job makes on a page: what starts it, its progress, its result."""

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from pages._frame import jobs
from pages._frame.models import Chosen
from xsb_core import Encoder, Recipe
from xsb_core.corpus.plan import LIBRARIES, weights_hash
from xsb_core.corpus.results import Results

S = TypeVar("S")
T = TypeVar("T")
# Hashing weights takes a moment, and an encoder never changes.
_FINGERPRINTS: WeakKeyDictionary[Encoder, str] = WeakKeyDictionary()


def made(
    of: tuple, label: str, work: Callable[[jobs.Job], T], button: str | None = None
) -> T | None:
    """Offers a job, or shows how far it is.

    Args:
        of: What the work is known by; equal work must have equal values, which have a ``repr``.
        label: What it does, in a few words.
        work: Told the job; makes no ``st.`` call.
        button: The label of the button that starts it; without one it starts at once.

    Returns:
        What the job made; None before it is done.

    Raises:
        ValueError: What the work raised; the job can then be started again.
    """
    key = hashlib.sha256(repr(of).encode()).hexdigest()
    job = jobs.find(key)
    if job is None and button is None:
        job = jobs.start(key, label, work)
    if job is None or (not job.active and job.result is None):
        if job and job.cancelled:
            st.info(f"{label}: cancelled; it can be started again.")
        if st.button(button or "Start again", type="primary", key=f"start_{key}"):
            jobs.start(key, label, work)
            st.rerun()
        if job and job.error:
            raise job.error
        return None
    jobs.watch(job)
    return job.result


def fingerprint(encoder: Encoder) -> str:
    """A hash of what its name may stand for: the model's weights, the libraries' versions."""
    if encoder not in _FINGERPRINTS:
        values = json.dumps([weights_hash(encoder), *map(version, LIBRARIES)])
        _FINGERPRINTS[encoder] = hashlib.sha256(values.encode()).hexdigest()[:16]
    return _FINGERPRINTS[encoder]


def state_of(sets: dict[str, Results]) -> tuple:
    """What results by their paths are known by; of other weights, or with more pairs, others."""
    return tuple(
        (path, len(one), one.manifest.started, one.manifest.weights) for path, one in sets.items()
    )


def each(
    things: Sequence[S], study: Callable[[S, Callable[[float], None]], T]
) -> Callable[[jobs.Job], list[T]]:
    """A job's work: a study of one thing after another, each told how to tell its share."""
    return lambda job: [
        study(one, lambda share, done=done: job.tell((done + share) / len(things)))
        for done, one in enumerate(things)
    ]


def made_by_model(
    of: tuple,
    models: Chosen,
    label: str,
    study: Callable[[Encoder, Recipe, Callable[[float], None]], T],
    button: str,
) -> list[T] | None:
    """Offers a job that studies each model, as ``made``; the same model twice says nothing more."""
    distinct = list({encoder.name: (encoder, layer) for encoder, layer in models}.values())
    known_by = [(encoder.name, layer, fingerprint(encoder)) for encoder, layer in distinct]

    def study_one(one: tuple[Encoder, int], tell: Callable[[float], None]) -> T:
        return study(one[0], Recipe(layer=one[1]), tell)

    return made((*of, known_by), label, each(distinct, study_one), button)
