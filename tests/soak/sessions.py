"""Sessions at once, each changing its texts without a pause: delays, errors, memory, threads."""

import argparse
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from tests.soak.session import Session, server
from xsb_core import read_scored

STSB = Path(__file__).parents[3] / "shared" / "data" / "stsb" / "stsb-en-train.csv"

_WORDS = 300  # of a passage


def main() -> None:
    """Runs so many sessions for so long, each with pairs that nobody has asked for before."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--layer", default="4")
    parser.add_argument(
        "--passages", type=int, default=0, help="sessions with 300 words; not timed"
    )
    asked = parser.parse_args()
    pairs = fresh_pairs()
    with server() as (port, pid):
        process = psutil.Process(pid)
        before = process.num_threads()
        delays, faults, memory = [], [], []
        until = time.monotonic() + 60 * asked.minutes
        lock = threading.Lock()

        def visit(*, long: bool) -> None:
            session = Session(port, "", f"layer={asked.layer}")
            faults.extend(session.open())
            while time.monotonic() < until:
                with lock:
                    pair = next(pairs)
                    while long and len(pair[1].split()) < _WORDS:
                        pair = pair[0], f"{pair[1]} {next(pairs)[1]}"
                begun = time.monotonic()
                faults.extend(session.explain(*pair))
                if not long:
                    delays.append(time.monotonic() - begun)
            session.close()

        visitors = [
            threading.Thread(target=visit, kwargs={"long": number < asked.passages})
            for number in range(asked.sessions)
        ]
        for visitor in visitors:
            visitor.start()
        while any(visitor.is_alive() for visitor in visitors):
            memory.append(process.memory_info().rss / 2**20)
            time.sleep(5)
        time.sleep(30)  # Streamlit keeps what is left of a closed tab for a moment
        after = process.num_threads()
    fifths = [memory[min(len(memory) * part // 5, len(memory) - 1)] for part in range(1, 6)]
    middle, late = np.percentile(delays, [50, 95])
    print(
        f"{asked.sessions} sessions, {asked.passages} of them with passages, {asked.minutes:g} "
        f"minutes, layer {asked.layer}: {len(delays)} pairs, p50 {middle:.2f} s, "
        f"p95 {late:.2f} s, {len(faults)} errors; "
        f"memory after each fifth {', '.join(f'{one:.0f}' for one in fifths)} MiB; "
        f"threads {before} before, {after} after"
    )
    for fault in faults[:10]:
        print(fault)


def fresh_pairs() -> Iterator[tuple[str, str]]:
    """Pairs of texts of STS-B train, each text once, in an order drawn by chance."""
    scored = read_scored(STSB)
    texts = list(dict.fromkeys((*scored.a, *scored.b)))
    random.Random(0).shuffle(texts)
    return zip(texts[::2], texts[1::2], strict=False)


if __name__ == "__main__":
    main()
