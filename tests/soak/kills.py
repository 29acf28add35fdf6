"""SIGKILLs of ``xsb batch`` itself, then the whole: nothing lost, doubled or different."""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.corpus.factory import pairs, saved, write_csv
from tests.corpus.test_run import same
from xsb_core.corpus.folder import CHECKSUMS_FILE, ResultsFolder
from xsb_core.corpus.results import Results

ROWS = 3000


def main() -> None:
    """Kills so many times, at moments drawn by chance after the command has begun to write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    wanted = parser.parse_args().kills
    chance, kills, begun = random.Random(0), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = write_csv(folder / "pairs.csv", [*pairs(ROWS), ("", "no first text")])
        model = saved(folder / "model")  # small: what is tested is files
        command = [sys.executable, "-m", "xsb_core", "batch", str(path), "--model", model, "--out"]
        while kills < wanted:
            process = subprocess.Popen(
                [*command, str(folder / "out")],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            before, deadline = parts(folder / "out"), time.monotonic() + 300
            while process.poll() is None and time.monotonic() < deadline:
                if (folder / "out" / ".lock").exists() and chance.random() < 0.02:
                    break
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            if process.wait() != -signal.SIGKILL:  # it was done: begin anew
                check(folder / "out")
                for one in (folder / "out").iterdir():
                    one.unlink()
                continue
            kills += 1
            there = parts(folder / "out")
            assert before <= there, "a finished part is gone"
            check(folder / "out")
        subprocess.run([*command, str(folder / "out")], check=True)
        subprocess.run([*command, str(folder / "whole")], check=True)
        same(folder / "out", folder / "whole")
        assert [row["row"] for row in Results(folder / "out").rows(["row"])] == list(range(ROWS))
        assert (folder / "out" / CHECKSUMS_FILE).exists()
    print(f"{kills} kills in {time.monotonic() - begun:.0f} s: nothing lost, doubled or different")


def parts(out: Path) -> set[str]:
    """The names of finished parts."""
    return {path.name for path in out.glob("part-*.parquet")}


def check(out: Path) -> None:
    """Whatever is there is whole."""
    if (out / "manifest.json").exists():
        rows = [row["row"] for row in Results(out).rows(["row"])]
        assert rows == sorted(set(rows)), "a pair is doubled"
        folder = ResultsFolder(out)
        assert not any(map(folder.damaged, folder.ranges())), "a part is damaged"


if __name__ == "__main__":
    main()
