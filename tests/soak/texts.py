"""Fuzzed texts through ``attribute``: documented errors, finite numbers, the account closes."""

import argparse
import random
import time
from collections import Counter

import numpy as np

from xsb_core import account_gap, attribute, load_encoder
from xsb_core.errors import TextError

ODD = [
    *map(chr, range(32)),
    *("\ud800", "\udfff", "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\U000e0041"),
    *(
        "שלום",
        "مرحبا",
        "ไทย",
        "日本",
        "👩‍👩‍👧",
        "e\u0301\u0302",
        "ﷺ",
        "\U0001f1e9",
        "[CLS]",
        "##ing",
    ),
]


def main() -> None:
    """Draws pairs of texts and attributes them, all at the same layer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=1000)
    wanted = parser.parse_args().texts
    chance, encoder, begun = random.Random(0), load_encoder(device="cpu"), time.monotonic()
    came, worst = Counter(), 0.0
    for _ in range(wanted):
        try:
            result = attribute(encoder, text(chance), "A plain sentence about dogs.", layer=5)
        except TextError:
            came["refused"] += 1
            continue
        came["attributed"] += 1
        assert np.isfinite(result.matrix).all()
        assert np.isfinite(result.score)
        worst = max(worst, abs(account_gap(result)))
        assert worst < 1e-3, worst
    seconds = time.monotonic() - begun
    print(f"{dict(came)}, largest gap of an account {worst:.1e}, in {seconds:.0f} s")


def text(chance: random.Random) -> str:
    """A text of up to 30 odd or random characters, one in 50 of 10,000."""
    length = 10_000 if chance.random() < 0.02 else chance.randrange(31)
    return "".join(
        chance.choice(ODD) if chance.random() < 0.5 else chr(chance.randrange(0x110000))
        for _ in range(length)
    )


if __name__ == "__main__":
    main()
