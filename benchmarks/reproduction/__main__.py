"""Runs steps of steps.sh, and notes machine and time beside what they make.

STSB=../shared/data/stsb XSB_MPNET=FOLDER python -m benchmarks.reproduction references predict
"""

import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from benchmarks.reproduction import COMPUTED, STEPS


def run(step: str) -> None:
    """Runs a step; the time of one that was killed before is added up."""
    before = _processor()
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    whole = False
    try:
        subprocess.run(["bash", str(STEPS), step], check=True, env=os.environ | {"PATH": tools})
        whole = True
    finally:
        _note(step, _processor() - before, whole=whole)


def _note(step: str, seconds: float, *, whole: bool) -> None:
    known = pd.read_csv(COMPUTED) if COMPUTED.exists() else pd.DataFrame()
    if len(known):
        own = known[known["step"] == step]
        seconds += own.loc[~own["whole"].astype(bool), "processor_seconds"].sum()
        known = known[known["step"] != step]
    row = {
        "step": step,
        "whole": whole,
        "processor_seconds": round(seconds),
        "machine": f"{os.cpu_count()} cores {platform.machine()}",
        "load": round(os.getloadavg()[2], 1),
        "ended": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    pd.concat([known, pd.DataFrame([row])]).to_csv(COMPUTED, index=False)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(name)
