"""Background work that outlives reruns, reloads and tabs, and how pages watch it."""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._frame.say import as_typed
from pages._frame.settings import settings
from xsb_core import DataError

KEPT = 32
# A short job need not wait for a long one.
AT_ONCE = 2
SECONDS_BETWEEN_LOOKS = 0.5


class Cancelled(Exception):
    """The user has had enough; ends a worker at its next sign of progress."""


class Job:
    """One piece of work, shared by all who look at it.

    Attributes:
        label: What it does, in a few words.
        share: How much is done, 0 to 1.
        note: What else its worker has to say of how far it is.
        kept: What stays of it where it is stopped, as a sentence.
        owner: The session that asked for it first.
        said: What is to be told at its end, as a sentence.
    """

    def __init__(self, label: str, kept: str = "", owner: str = "") -> None:
        self.label = label
        self.owner = owner
        self.said = ""
        self.kept = kept
        self.share = 0.0
        self.note = ""
        self._began: float | None = None
        self._first_share = 0.0
        self._cancel = threading.Event()
        self.future: Future  # set by who starts it

    def tell(self, share: float, note: str = "", *, new: bool = True) -> None:
        """Notes how much is done; the worker calls it.

        Args:
            share: How much, 0 to 1.
            note: What else there is to say of it.
            new: Whether any of it was done by this job.

        Raises:
            Cancelled: Once somebody has cancelled the job.
        """
        if self._began is None or not new:
            # what an earlier run had done already says nothing of this one's pace
            self._began, self._first_share = time.monotonic(), share
        self.share, self.note = share, note
        if self._cancel.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Asks the worker to stop; one that still waits never starts."""
        self._cancel.set()
        self.future.cancel()

    @property
    def waiting(self) -> bool:
        """Whether it has not told anything yet."""
        return self._began is None

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return not self.future.done()

    @property
    def cancelling(self) -> bool:
        """Whether it has been asked to stop."""
        return self._cancel.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped."""
        return isinstance(self._failure, Cancelled)

    @property
    def error(self) -> ValueError | None:
        """What kept it from its end, in words for the user."""
        error = self._failure
        if error is None or isinstance(error, Cancelled):
            return None
        if isinstance(error, ValueError):
            return error
        return ValueError(
            f"The work stopped at an unexpected error ({type(error).__name__}: {error}); start it "
            "again, and report this if it happens twice."
        )

    @property
    def result(self) -> Any:
        """What the worker returned; None before, and after an error."""
        return None if self.active or self._failure else self.future.result()

    @property
    def _failure(self) -> BaseException | None:
        """What kept it from its end; None before."""
        if self.active:
            return None
        return Cancelled() if self.future.cancelled() else self.future.exception()

    @property
    def left(self) -> float | None:
        """Seconds to go at the pace so far; None where that can't be told."""
        gained = self.share - self._first_share
        if self._began is None or gained <= 0:
            return None
        return (time.monotonic() - self._began) * (1 - self.share) / gained


class Jobs:
    """The jobs of all sessions, few at a time: they share the processor."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, key: str) -> Job | None:
        """A job that was started, if it is still known."""
        with self._guard:
            return self._jobs.get(key)

    def start(
        self, key: str, label: str, work: Callable[[Job], Any], kept: str = "", owner: str = ""
    ) -> Job:
        """Starts a job, unless it runs already or has its result.

        Args:
            key: What the work is known by; equal work must have equal keys.
            label: What it does, in a few words.
            work: Told the job; makes no ``st.`` call.
            kept: What stays of it where it is stopped, as a sentence.
            owner: The session that asks for it.

        Raises:
            DataError: If more jobs wait than the server's settings allow.
        """
        with self._guard:
            known = self._jobs.get(key)
            if known and (known.active or known.result is not None):
                return known
            self._check_room(owner)
            job = Job(label, kept, owner)
            job.future = self._pool.submit(work, job)
            self._jobs[key] = job
            self._jobs.move_to_end(key)
            for old in [name for name, one in self._jobs.items() if not one.active][:-KEPT]:
                del self._jobs[old]
            return job

    def _check_room(self, owner: str) -> None:
        allowed, active = settings(), [job for job in self._jobs.values() if job.active]
        own = sum(job.owner == owner for job in active)
        if len(active) >= allowed.max_waiting or own >= allowed.max_own_waiting:
            whose = "of yours " if own >= allowed.max_own_waiting else ""
            count = own if whose else len(active)
            raise DataError(
                f"{count} pieces of work {whose}are under way, as many as this server takes; wait "
                "for one to end, and start this again."
            )

    def stop(self) -> None:
        """Cancels all, and says so on standard error."""
        with self._guard:
            active = [job for job in self._jobs.values() if job.active]
        for job in active:
            job.cancel()
            print(f"Cancelled: {job.label}. {job.kept}".rstrip(), file=sys.stderr)


@st.cache_resource
def _jobs() -> Jobs:
    return Jobs()


def find(key: str) -> Job | None:
    """A job of this server's, if it is still known."""
    return _jobs().find(key)


def start(key: str, label: str, work: Callable[[Job], Any], kept: str = "") -> Job:
    """Starts a job; see ``Jobs.start``."""
    context = get_script_run_ctx(suppress_warning=True)
    return _jobs().start(key, label, work, kept, context.session_id if context else "")


def stop() -> None:
    """Cancels all jobs of this server, which else would keep it from ending."""
    _jobs().stop()


def watch(job: Job) -> None:
    """Shows how far a job is, with a button that ends it; reruns the page when it is done."""
    if job.active:
        st.fragment(_panel, run_every=SECONDS_BETWEEN_LOOKS)(job)


def _panel(job: Job) -> None:
    if not job.active:
        st.rerun()
    text = [job.label]
    if job.cancelling:
        text.append("stopping …")
    elif job.waiting:
        text.append("waiting for other work to end …")
    elif job.left is not None:
        text.append(f"about {spoken_time(job.left)} left")
    if job.note:
        text.append(job.note)
    st.progress(min(job.share, 1.0), as_typed(" · ".join(text)))
    st.button("Cancel", on_click=job.cancel, disabled=job.cancelling, key="cancel_job")


def spoken_time(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
