"""Background work: one job a key, cancelling, errors, remaining time."""

import threading
import time

import pytest

from pages._frame.jobs import AT_ONCE, Job, Jobs, spoken_time
from pages.batch.runs import _tell
from xsb_core.corpus.progress import Reporter


def wait(job: Job) -> None:
    deadline = time.monotonic() + 60
    while job.active:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_equal_keys_share_one_job():
    jobs, go, runs = Jobs(), threading.Event(), []

    def work(job):
        runs.append(job)
        go.wait(20)
        return len(runs)

    first, second = jobs.start("key", "Working", work), jobs.start("key", "Working", work)
    assert first is second is jobs.find("key")
    assert first.active
    assert first.result is None
    go.set()
    wait(first)
    # what is done is not done again
    assert jobs.start("key", "Working", work).result == 1
    assert jobs.start("other", "Working", work) is not first


def test_a_cancelled_job_ends_at_its_next_sign_and_can_be_started_again():
    jobs, begun, go = Jobs(), threading.Event(), threading.Event()

    def work(job):
        job.tell(0.25, "so far")
        begun.set()
        go.wait(20)
        job.tell(0.5)
        return "the end"

    job = jobs.start("key", "Working", work)
    begun.wait(20)
    assert (job.share, job.note) == (0.25, "so far")
    job.cancel()
    assert job.cancelling
    go.set()
    wait(job)
    assert job.cancelled
    assert (job.result, job.error) == (None, None)
    again = jobs.start("key", "Working", work)
    assert again is not job
    wait(again)
    assert again.result == "the end"


def test_a_job_that_is_cancelled_while_it_waits_is_ended_at_once():
    jobs, go, runs = Jobs(), threading.Event(), []
    others = [jobs.start(str(n), "Working", lambda job: go.wait(20)) for n in range(AT_ONCE)]
    job = jobs.start("key", "Working", runs.append)
    job.cancel()
    assert job.cancelled
    assert (job.result, job.error) == (None, None)
    again = jobs.start("key", "Working", lambda job: "the end")
    go.set()
    for one in [*others, again]:
        wait(one)
    assert again.result == "the end"
    assert not runs


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("Give two texts."), "Give two texts."),
        (KeyError("gone"), "unexpected error (KeyError: 'gone')"),
    ],
)
def test_errors_are_told_and_not_kept_from_a_new_start(error, message):
    jobs = Jobs()

    def work(job):
        raise error

    job = jobs.start("key", "Working", work)
    wait(job)
    assert message in str(job.error)
    assert not job.cancelled
    assert jobs.start("key", "Working", lambda job: 1) is not job


def test_remaining_time_leaves_out_what_an_earlier_run_did(monkeypatch):
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    job = Job("Working")
    assert job.left is None

    def watch(advance):
        _tell(job, advance)

    reporter = Reporter(watch, 1000)
    reporter.tell(0.0)
    reporter.skip(896)
    assert job.left is None
    now += 1
    reporter.tell(8.0)
    # 8 rows took a second; 96 are left
    assert job.left == pytest.approx(12)


def test_old_jobs_are_forgotten():
    jobs = Jobs()
    for number in range(40):
        wait(jobs.start(str(number), "Working", lambda job: 1))
    assert jobs.find("0") is None
    assert jobs.find("39").result == 1


@pytest.mark.parametrize(
    ("seconds", "said"), [(4.4, "4 s"), (89.0, "89 s"), (600.0, "10 min"), (7200.0, "2.0 h")]
)
def test_times_are_said_in_one_unit(seconds, said):
    assert spoken_time(seconds) == said
