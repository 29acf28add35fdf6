"""Fuzzed files through every reader: each is read, or refused in a sentence of our own."""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.corpus.factory import encoder, pairs
from xsb_core import read_scored, run_corpus, write_parquet
from xsb_core.corpus.results import Results
from xsb_core.errors import DataError, ParseError
from xsb_core.studies.adjectives.triplets import read_triplets
from xsb_core.syntax.conllu import read_conllu
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.texts import open_texts

PARTS = [
    b'"',
    b",",
    b"\t",
    b"\n",
    b"\r",
    b"\0",
    b"{",
    b"[" * 200,
    b"\xff",
    b"\xed\xa0\x80",
    b"1e999",
]
PARTS += [b"-", b"#", b"0", b"NaN", b"\xef\xbb\xbf", b"\xff\xfe", b"x" * 3000]


def main() -> None:
    """Writes files that are good but for some bytes, and has each read by its readers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    wanted = parser.parse_args().files
    chance, begun, came = random.Random(0), time.monotonic(), Counter()
    with tempfile.TemporaryDirectory() as place:
        good = samples(Path(place))
        for number in range(wanted):
            name, content, readers = good[number % len(good)]
            path = Path(place) / f"fuzzed{Path(name).suffix}"
            path.write_bytes(mutated(content, chance))
            for read in readers:
                said = refusal(read, path)
                assert "\n" not in said, said
                came["refused" if said else "read"] += 1
    print(f"{wanted} files: {dict(came)}, in {time.monotonic() - begun:.0f} s")


def refusal(read: Callable[[Path], object], path: Path) -> str:
    """What is said of a file; nothing of one that is read. Any other error is a fault."""
    try:
        read(path)
    except (DataError, ParseError) as error:
        return str(error)
    return ""


def samples(place: Path) -> list[tuple[str, bytes, list[Callable[[Path], object]]]]:
    """A good file of every kind, with what reads it."""
    rows = [(a, b, place / 2) for place, (a, b) in enumerate(pairs(10))]
    table = "a,b,score\n" + "".join(f'"{a}",{b},{score}\n' for a, b, score in rows)
    lines = "".join(f'{{"a": "{a}", "b": "{b}", "n": [{score}]}}\n' for a, b, score in rows)
    words = ["1\tA\ta\tDET\t_\t_\t2\tdet\t_\t_", "2\tdog\tdog\tNOUN\t_\t_\t0\troot\t_\t_"]
    parsed = "\n".join(["# text = A dog.", *words, "", ""])
    triplets = "anchor,synonym,opposite\nbig,large,small\nhot,warm,cold\n"
    columns = {"a": [a for a, _, _ in rows], "b": [b for _, b, _ in rows]}
    pq.write_table(pa.table(columns), place / "pairs.parquet")
    run_corpus(encoder(), pairs(4), place / "run")
    write_parquet(Results(place / "run"), place / "results.parquet")
    manifest = (place / "run" / "manifest.json").read_bytes()
    both = [all_rows, lambda path: list(open_texts(path).texts())]
    return [
        ("p.csv", table.encode(), [*both, read_scored]),
        ("p.tsv", table.replace(",", "\t").encode(), [*both, read_scored]),
        ("p.jsonl", lines.encode(), both),
        ("p.parquet", (place / "pairs.parquet").read_bytes(), both),
        ("p.conllu", parsed.encode() * 3, [read_conllu]),
        ("t.csv", triplets.encode(), [read_triplets]),
        ("r.parquet", (place / "results.parquet").read_bytes(), [all_results]),
        ("manifest.json", manifest, [in_a_folder]),
    ]


def all_rows(path: Path) -> object:
    """Pairs, usable or not."""
    return list(open_pairs(path).rows())


def all_results(path: Path) -> object:
    """Every pair of a file of results."""
    return list(Results(path).attributions())


def in_a_folder(path: Path) -> object:
    """A file as the manifest of a folder."""
    folder = path.parent / "crafted"
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_bytes(path.read_bytes())
    return len(Results(folder))


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with some bytes changed, left out, doubled or put in."""
    made = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(made) + 1)
        length = chance.randrange(1, 20)
        way = chance.randrange(4)
        if way == 0:
            made[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            del made[at : at + length]
        elif way == 2:
            made[at:at] = made[at : at + length]
        else:
            made[at:at] = chance.choice(PARTS)
    return bytes(made)


if __name__ == "__main__":
    main()
