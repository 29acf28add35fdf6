"""Ten models one after the other on one server: memory stays within what its cache holds."""

import argparse
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.soak.session import Session, server
from tests.soak.sessions import fresh_pairs
from xsb_core import EMBEDDED_MODEL
from xsb_core.encoders.ready import ready_folder

MODELS = 10


def main() -> None:
    """Explains pairs by copies of the embedded model, each a model of its own to the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=300)
    each = parser.parse_args().pairs // MODELS
    pairs, faults = fresh_pairs(), []
    embedded = ready_folder(EMBEDDED_MODEL)
    assert embedded is not None
    with tempfile.TemporaryDirectory() as place:
        folders = [f"{place}/model-{number}" for number in range(MODELS)]
        for folder in folders:
            shutil.copytree(embedded, folder)
        with server(XSB_MODELS=",".join(folders)) as (port, pid):
            process = psutil.Process(pid)
            for number, folder in enumerate(folders, 1):
                session = Session(port, "", urlencode({"model": Path(folder), "layer": 4}))
                faults += session.open()
                for _ in range(each):
                    faults += session.explain(*next(pairs))
                session.close()
                memory = process.memory_info().rss / 2**20
                print(f"{number} models, {number * each} pairs: {memory:.0f} MiB", flush=True)
    print(f"{len(faults)} errors", *faults[:10], sep="\n")


if __name__ == "__main__":
    main()
