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


def main() -> None:
    """Runs so many sessions for so long, each with pairs that nobody has asked for before."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--layer", default="4")
    asked = parser.parse_args()
    pairs = fresh_pairs()
    with server() as (port, pid):
        process = psutil.Process(pid)
        before = process.num_threads()
        delays, faults, memory = [], [], []
        until = time.monotonic() + 60 * asked.minutes
        lock = threading.Lock()

        def visit() -> None:
            session = Session(port, "", f"layer={asked.layer}")
            faults.extend(session.open())
            while time.monotonic() < until:
                with lock:
                    pair = next(pairs)
                begun = time.monotonic()
                faults.extend(session.explain(*pair))
                delays.append(time.monotonic() - begun)
            session.close()

        visitors = [threading.Thread(target=visit) for _ in range(asked.sessions)]
        for visitor in visitors:
            visitor.start()
        while any(visitor.is_alive() for visitor in visitors):
            memory.append(process.memory_info().rss / 2**20)
            time.sleep(5)
        time.sleep(30)  # Streamlit keeps what is left of a closed tab for a moment
        after = process.num_threads()
    warm = memory[len(memory) // 5 :]
    middle, late = np.percentile(delays, [50, 95])
    print(
        f"{asked.sessions} sessions, {asked.minutes:g} minutes, layer {asked.layer}: "
        f"{len(delays)} pairs, p50 {middle:.2f} s, p95 {late:.2f} s, {len(faults)} errors; "
        f"memory {warm[0]:.0f} MiB after warm-up, {warm[-1]:.0f} MiB at the end; "
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
