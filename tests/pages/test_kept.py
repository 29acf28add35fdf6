"""Which texts' factors are kept for all sessions."""

import threading
import time
from threading import Event

import pytest
import torch

from pages._frame.compute import KEPT, Kept
from pages._frame.models import MOST_ENCODERS
from pages._frame.turns import Turns


@pytest.mark.usefixtures("untyped")
def test_factors_longest_unused_are_dropped():
    kept = Kept()
    for number in range(KEPT):
        kept.put(("encoder", str(number), 5), number)
    assert kept.get(("encoder", "0", 5)) == 0  # used again
    kept.put(("encoder", "one more", 5), -1)
    assert kept.get(("encoder", "0", 5)) == 0
    assert kept.get(("encoder", "1", 5)) is None


@pytest.mark.usefixtures("untyped")
def test_factors_hold_no_more_encoders_in_memory_than_may_be_loaded():
    kept = Kept()
    for number in range(MOST_ENCODERS):
        for text in "ab":
            kept.put((number, text, 5), number)
    kept.get((0, "a", 5))  # used again
    kept.put((MOST_ENCODERS, "a", 5), MOST_ENCODERS)
    encoders = range(MOST_ENCODERS + 1)
    left = [number for number in encoders if kept.get((number, "a", 5)) is not None]
    assert left == [number for number in encoders if number != 1]
    assert kept.get((1, "b", 5)) is None


def test_a_wait_for_another_session_ends_when_the_page_is_left(monkeypatch):
    class Left(Exception):
        pass

    class Notice:
        looks = 0

        def info(self, text):
            self.looks += 1
            if self.looks == 2:  # what Streamlit raises in a run that is over
                raise Left

    turns = Turns()
    monkeypatch.setattr("pages._frame.turns.st.empty", Notice)
    monkeypatch.setattr("pages._frame.turns.SECONDS_BETWEEN_LOOKS", 0.01)
    with turns.turn(), pytest.raises(Left), turns.turn():  # another session has it
        pytest.fail("it has no turn yet")
    with turns.turn():  # nobody has it any more
        pass


def test_turns_come_in_the_order_in_which_they_were_asked_for():
    turns, came = Turns(), []

    def take(name: int) -> None:
        with turns.turn():
            came.append(name)

    with turns.turn():
        waiting = []
        for name in range(8):
            waiting.append(threading.Thread(target=take, args=[name]))
            waiting[-1].start()
            while len(turns._line) < name + 2:
                time.sleep(0.001)
    for thread in waiting:
        thread.join()
    assert came == list(range(8))


@pytest.mark.parametrize(("work", "order"), [(1.0, ["short", "long"]), (9.0, ["long", "short"])])
def test_long_work_lets_much_shorter_work_before_it(work, order, monkeypatch):
    monkeypatch.setattr("pages._frame.turns.QUANTUM", 0.0)
    turns, came = Turns(), []

    def take() -> None:
        with turns.turn(work):
            came.append("short")

    with turns.turn(20.0) as give_way:
        give_way()  # nobody waits
        other = threading.Thread(target=take)
        other.start()
        while len(turns._line) < 2:
            time.sleep(0.001)
        give_way()
        came.append("long")
    other.join()
    assert came == order


def test_two_cores_do_two_computations_at_once_and_share_the_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr("pages._frame.turns.QUANTUM", 0.0)
    turns, first, second = Turns(2), Event(), Event()
    threads, before = [], torch.get_num_threads()

    def take(come: Event, go: Event) -> None:
        with turns.turn():
            threads.append(torch.get_num_threads())
            come.set()
            assert go.wait(10)

    try:
        with turns.turn() as give_way:
            assert torch.get_num_threads() == 2
            leave = Event()
            others = [threading.Thread(target=take, args=[one, leave]) for one in (first, second)]
            others[0].start()
            assert first.wait(10)  # beside the one above
            others[1].start()
            while len(turns._line) < 3:
                time.sleep(0.001)
            assert not second.is_set()
            give_way()
            assert torch.get_num_threads() == 1
            leave.set()
            assert second.wait(10)
            for other in others:
                other.join()
            give_way()
            assert torch.get_num_threads() == 2
        assert threads == [1, 1]
    finally:
        torch.set_num_threads(before)


def test_threads_are_no_more_than_the_environment_allows(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with Turns(8).turn():
        assert torch.get_num_threads() == 1
