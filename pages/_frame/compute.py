"""Attributions for pages: computed one at a time, kept for all sessions, with progress."""

from __future__ import annotations

import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager

import streamlit as st

import xsb_core
from pages._frame.models import MOST_ENCODERS, cached_encoder
from pages._frame.progress import ProgressBar, stop_if_cancelled
from pages._frame.settings import settings
from pages._frame.stale import shown_of
from pages._frame.texts import DEFAULT, EXAMPLES
from pages._frame.turns import GiveWay, Turns, usable_cores
from xsb_core import Attribution
from xsb_core.attribution.words import unit_groups
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.spans import Groups
from xsb_core.errors import TextError, about_text
from xsb_core.integration.settings import WORK_LIMIT

Instructions = tuple[Instruction, Instruction]
Units = tuple[str | Groups, str | Groups]
KEPT = 256
# What a typical text takes, for the estimate of a request's work.
NODES = 16


class Kept:
    """The factors of the last texts, shared by all sessions, and the turns to make new ones."""

    def __init__(self) -> None:
        self.working = Turns(usable_cores())
        self._factors: OrderedDict[tuple, xsb_core.TextFactors] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: tuple) -> xsb_core.TextFactors | None:
        """Kept factors, or None."""
        with self._guard:
            if key in self._factors:
                self._factors.move_to_end(key)
            return self._factors.get(key)

    def put(self, key: tuple, factors: xsb_core.TextFactors) -> None:
        """Keeps factors, and drops those longest unused, and those of encoders longest unused."""
        with self._guard:
            self._factors[key] = factors
            if len(self._factors) > KEPT:
                self._factors.popitem(last=False)
            # factors hold their encoder: as long as they are kept, its weights stay in memory
            encoders = list(dict.fromkeys(encoder for encoder, *_ in reversed(self._factors)))
            for old in [key for key in self._factors if key[0] in encoders[MOST_ENCODERS:]]:
                del self._factors[old]


@st.cache_resource
def _kept() -> Kept:
    return Kept()


def explained(
    encoder: xsb_core.Encoder,
    text_a: str,
    text_b: str,
    layer: int,
    hows: Instructions | None = None,
    units: Units = ("tokens", "tokens"),
) -> Attribution:
    """A pair's attribution by its tokens, or other units, with a bar where it takes long.

    A text that was seen before costs nothing. A change of an input ends a running computation at
    its next sign of progress.

    Raises:
        ValueError: What ``attribute`` raises, for texts or layers that can't be used.
    """
    (result,) = explained_layers([(encoder, layer)], text_a, text_b, hows, units)
    return result


def explained_layers(
    asked: Sequence[tuple[xsb_core.Encoder, int]],
    text_a: str,
    text_b: str,
    hows: Instructions | None = None,
    units: Units = ("tokens", "tokens"),
) -> Generator[Attribution]:
    """A pair's attributions by several encoders and layers, each as soon as it is there.

    Yields:
        One result for each, with one progress bar over all.

    Raises:
        ValueError: As for ``explained``.
    """
    limit = _work_limit()
    of = (*((encoder.name, layer) for encoder, layer in asked), text_a, text_b, hows, units, limit)
    stop_if_cancelled(of)
    kept = _kept()
    check_request(asked, {"A": text_a, "B": text_b})
    clock = _Clock()
    # a shallow layer has more blocks to go through, at more nodes
    costs = [(encoder.blocks - layer) ** 1.5 for encoder, layer in asked]
    bar = ProgressBar("Attributing the score …", of)
    done = 0.0
    try:
        for (encoder, layer), cost in zip(asked, costs, strict=True):
            found = _factors(
                kept,
                [
                    (encoder, text, xsb_core.Recipe(layer=layer, work_limit=limit), how, unit)
                    for text, how, unit in zip(
                        (text_a, text_b), hows or encoder.instructions(), units, strict=True
                    )
                ],
                clock,
                lambda share, done=done, cost=cost: bar((done + share * cost) / sum(costs)),
            )
            done += cost
            shown_of(f"{encoder.name}, layer {layer}")
            yield xsb_core.pair_attribution(*found)
    finally:
        bar.close()


def check_request(
    asked: Sequence[tuple[xsb_core.Encoder, int]], texts: dict[str, str], times: int = NODES
) -> None:
    """Refuses what is too much for one request, before any of it is done.

    Args:
        asked: Encoders and layers.
        texts: By what they are called after "Text".
        times: How often a text goes through the blocks above the layer.

    Raises:
        TextError: If a text is too long, or all of it too much work, for this server.
    """
    allowed = settings()
    check_lengths(texts)
    if allowed.max_work == math.inf:
        return
    work = 0
    for encoder, layer in asked:
        for name, text in texts.items():
            with about_text(name):
                tokens = len(encoder.tokenise(text).side.tokens)
            work += tokens**2 * times * (encoder.blocks - layer)
    if work > allowed.max_work:
        raise TextError(
            f"This takes {work / allowed.max_work:.1f} times the work that this server does for "
            "one request; give shorter texts, fewer layers, or later ones."
        )


def check_lengths(texts: dict[str, str]) -> None:
    """Refuses texts, by what they are called after "Text", that are too long for this server.

    Raises:
        TextError: If one is.
    """
    most = settings().max_characters
    for name, text in texts.items():
        if len(text) > most:
            raise TextError(
                f"Text {name} has {len(text):,} characters, and this server takes {most:,}; "
                "shorten it."
            )


class _Clock:
    """How long a request may still take; waiting for others is none of it."""

    def __init__(self) -> None:
        self._until = time.monotonic() + settings().max_seconds

    def waited_since(self, began: float) -> None:
        self._until += time.monotonic() - began

    def check(self) -> None:
        if time.monotonic() > self._until:
            raise TextError(
                f"This took more than the {settings().max_seconds} seconds that this server gives "
                "a request; give shorter texts, fewer layers, or later ones. What is done is kept."
            )


def _factors(
    kept: Kept, keys: list[tuple], clock: _Clock, progress: Callable[[float], None]
) -> list[xsb_core.TextFactors]:
    """The factors of both texts; those that are not kept yet are computed, and kept.

    The longer text may be computed for the shorter one alone, where that saves much.
    """

    def known() -> dict[tuple, xsb_core.TextFactors]:
        return {
            key: factors
            for key, other in zip(keys, reversed(keys), strict=True)
            if (factors := kept.get(key) or kept.get((*key, other)))
        }

    if len(found := known()) == len(set(keys)):
        return [found[key] for key in keys]
    sizes = {}
    for name, key in zip("AB", keys, strict=True):
        with about_text(name):
            sizes[key] = _size(*key)
    (least, _), *_ = ordered = sorted(sizes.values())
    work = float(sum(min(rows, 2 * least) * each for rows, each in ordered))
    began = time.monotonic()
    with kept.working.turn(work) as give_way:
        clock.waited_since(began)

        def step(share: float) -> None:
            began = time.monotonic()
            give_way()
            clock.waited_since(began)
            clock.check()
            progress(share)

        found = known()
        missing = sorted((key for key in sizes if key not in found), key=sizes.__getitem__)
        for at, key in enumerate(missing):
            encoder, text, recipe, how, unit = key
            other = keys[1 - keys.index(key)]
            with about_text("AB"[keys.index(key)]):
                found[key] = xsb_core.text_factors(
                    encoder,
                    text,
                    recipe,
                    prompt=how,
                    unit=unit,
                    seen_by=found.get(other),
                    progress=lambda share, at=at: step((at + share) / len(missing)),
                )
            alone = found[key].seen_by is None
            kept.put(key if alone else (*key, other), found[key])
    return [found[key] for key in keys]


def _size(
    encoder: xsb_core.Encoder,
    text: str,
    recipe: xsb_core.Recipe,
    how: Instruction,
    unit: str | Groups,
) -> tuple[int, int]:
    """A text's rows, and what each takes, about: its tokens through the blocks above."""
    side = encoder.tokenise(text, how).side
    rows = len(unit_groups(side, unit) or side.tokens)
    return rows, len(side.tokens) * (encoder.blocks - (recipe.layer or 0))


def _work_limit() -> int:
    """The limit of work that the link asks for; never less than the usual one."""
    asked = st.query_params.get("work", "")
    allowed = re.fullmatch("[0-9]{1,9}", asked) is not None
    return max(WORK_LIMIT, int(asked)) if allowed else WORK_LIMIT


def offer_more_work(result: Attribution) -> None:
    """Where the limit of work ended a result too early, a button that goes on."""
    needed = max(result.needed_a or 0, result.needed_b or 0)
    if not result.converged and result.work_limit is not None and needed > result.work_limit:
        more = math.ceil(1.2 * needed)  # what it takes is an estimate
        if st.button(
            f"Go on until it is exact (about {more / result.work_limit:.1f} times the work)"
        ):
            st.query_params["work"] = str(more)
            st.rerun()


def turn() -> AbstractContextManager[GiveWay]:
    """The turn of whoever computes on a page."""
    return _kept().working.turn()


def get_ready() -> None:
    """Loads the embedded model, and computes the pair that the first page opens with."""
    encoder = cached_encoder(settings().offered[0])
    keys = [
        (encoder, text, xsb_core.Recipe(layer=encoder.default_layer), how, "tokens")
        for text, how in zip(EXAMPLES[DEFAULT], encoder.instructions(), strict=True)
    ]
    _factors(_kept(), keys, _Clock(), lambda _: None)
