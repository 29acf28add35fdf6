"""Random links to every page of a server: no traceback, and every run ends."""

import argparse
import random
from urllib.parse import urlencode

from pages.navigation import PAGES
from tests.soak.session import Session, server

KEYS = """a b above by cells contains contrast deleted documents encoding example figure fillers kind
layer least model model_1 model_2 models most near one_range pair paper pasted query results row run
second seen sentence set share slopes source special stanza stretch stsb templates texts top two unit
was_a was_b which without""".split()
VALUES = [
    *("", "0", "-1", "4", "5", "1e999", "true", "false", "nan", "[" * 900, "{}", "null", "mean"),
    *("../../etc/passwd", "/etc", "C:\\", "<script>alert(1)</script>", "' OR 1=1 --", "$(id)"),
    *("\u202e\u0000\U0001f600", "ฉันรัก", "%", "%00", "a" * 3000),
    *("exact", "shelf", "tuned", "all-MiniLM-L6-v2", "no-such/model", "net", "paper", "sentences"),
]


def main() -> None:
    """Opens each page by so many links, a new session each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--links", type=int, default=200)
    wanted = parser.parse_args().links
    chance, faults, opened = random.Random(0), [], 0
    with server() as (port, _):
        for name in PAGES:
            for _ in range(wanted):
                chosen = chance.sample(KEYS, chance.randint(1, 6))
                query = urlencode({key: chance.choice(VALUES) for key in chosen})
                session = Session(port, name, query)
                faults += [f"/{name}?{query[:200]}: {fault}" for fault in session.open()]
                session.close()
                opened += 1
            print(f"{name}: {opened} links so far, {len(faults)} faults", flush=True)
    print("\n".join(faults[:20]))


if __name__ == "__main__":
    main()
