"""What a background job makes on a page: a button that starts it, its progress, its result."""

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from pages._frame import jobs
from pages._frame.say import say
from xsb_core import Encoder

T = TypeVar("T")
Study = Callable[[Encoder, int, Callable[[float], None]], pd.DataFrame]


def made(key: str, label: str, button: str, work: Callable[[jobs.Job], T]) -> T | None:
    """Offers a job, or shows how far it is.

    Args:
        key: What the work is known by; equal work must have equal keys.
        label: What it does, in a few words.
        button: The label of the button that starts it.
        work: Told the job; makes no ``st.`` call.

    Returns:
        What the job made; None before it is done.
    """
    job = jobs.find(key)
    ended = job is not None and not job.active
    if job is None or (ended and job.result is None):
        if ended and job.error:
            say(job.error)
        elif ended:
            st.info("Cancelled; it can be started again.")
        if not st.button(button, type="primary", key=f"start {key}"):
            return None
        job = jobs.start(key, label, work)
    jobs.watch(job)
    return job.result


def model_by_model(
    models: list[tuple[Encoder, int]], study: Study
) -> Callable[[jobs.Job], pd.DataFrame]:
    """A job's work: a study of each model at its layer, one table below the other.

    Args:
        models: Encoders and layers.
        study: Given one of each, and what to tell the share done.
    """

    def work(job: jobs.Job) -> pd.DataFrame:
        tables = [
            study(*one, lambda share, done=done: job.tell((done + share) / len(models)))
            for done, one in enumerate(models)
        ]
        return pd.concat(tables, ignore_index=True)

    return work
