"""Random links to every page of a server: no traceback, and every run ends."""

import argparse
import random
import re
from urllib.parse import urlencode

from pages._frame.listed import PAGES
from tests.soak.session import ROOT, Session, server

# What pages' inputs and links are called.
_NAMED = r'key="(\w+)"|query_params(?:\.get\(|\[)"(\w+)"'
KEYS = sorted(
    {"layer", "model", "model_1", "model_2"}
    | {
        "".join(names)
        for path in (ROOT / "pages").rglob("*.py")
        for names in re.findall(_NAMED, path.read_text(encoding="utf-8"))
    }
)
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
