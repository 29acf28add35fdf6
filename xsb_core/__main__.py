"""``xsb``, and ``python -m xsb_core``."""

import os
import sys

from xsb_core.cli import main


def run() -> int:
    """Runs a command in a process of its own.

    Threads that wait for others don't spin: on a busy machine they would take the time of those
    that they wait for. OpenMP reads this when torch is imported.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return main()


if __name__ == "__main__":
    sys.exit(run())
