"""Which study a probe's page shows: one that ships, or one of the user's own results."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages._frame import jobs
from xsb_core.corpus.results import Results
from xsb_core.studies.gathered import results_by_model

T = TypeVar("T")


def pick_results(
    key: str = "results",
    label: str = "Results",
    placeholder: str = "Empty: the study of STS-B that ships",
    what: str = "one or several of one model, or of two models",
) -> list[str]:
    """A field for the paths of results.

    Args:
        key: Its key, and its name in the link.
        label: Its label.
        placeholder: What it says while it is empty.
        what: Which results it takes.
    """
    lines = st.text_area(
        label,
        key=key,
        bind="query-params",
        height=80,
        placeholder=placeholder,
        help="Folders of 'python -m xsb_core batch', or Parquet files that were made of them, one "
        f"a line: {what}.",
    )
    return [line.strip() for line in lines.splitlines() if line.strip()]


def opened(paths: list[str]) -> dict[str, dict[str, Results]]:
    """Results by model, then by whole path, in the order given.

    Raises:
        ValueError: If a path holds no results, or they are of more than two models.
    """
    found = results_by_model(paths)
    if len(found) > 2:
        raise ValueError(
            f"Two models can stand side by side, and these results are of {len(found)} "
            f"({', '.join(found)}); give those of one or two."
        )
    return found


def worked(
    kind: str, label: str, sets: dict[str, Results], work: Callable[[jobs.Job], T], extra: str = ""
) -> T | None:
    """What a background job makes of one model's results; None while it is at work.

    Args:
        kind: What is made.
        label: The same in words.
        sets: The results by path; with more pairs in them it is another job.
        work: Makes it.
        extra: What else it is made from.

    Raises:
        ValueError: What the work raises.
    """
    state = repr([(path, len(one), one.manifest.started) for path, one in sets.items()]) + extra
    key = f"{kind} {hashlib.sha256(state.encode()).hexdigest()}"
    job = jobs.find(key) or jobs.start(key, label, work)
    if job.active:
        jobs.watch(job)
    elif job.error or job.cancelled:
        if job.cancelled:
            st.info(f"{label}: cancelled.")
        if st.button("Start again", key=f"again_{kind}"):
            jobs.start(key, label, work)
            st.rerun()
        if job.error:
            raise job.error
    return job.result
