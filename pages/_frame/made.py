"""What a background job makes on a page: a button that starts it, its progress, its result."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages._frame import jobs
from pages._frame.say import say

T = TypeVar("T")


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
