"""The server's settings, from its environment; docs/server.md lists them."""

import dataclasses
import math
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xsb_core import EMBEDDED_MODEL, READY_MODELS, DataError


def _setting(default: Any, help: str, public: Any = None) -> Any:
    """A setting with what it does, and its default on a public server where that is another."""
    return field(default=default, metadata={"help": help, "public": public})


@dataclass(frozen=True)
class Settings:
    """What the operator allows; each field is read from the variable XSB_ and its name."""

    public: bool = _setting(
        default=False, help="1 for strangers: no paths, no downloads, only XSB_MODELS"
    )
    models: tuple[str, ...] = _setting(
        (), "what a public server loads, with commas between; empty: the models that come with it"
    )
    runs: str = _setting("", "the folder of uploads and results; empty: one for temporary files")
    max_pairs: int = _setting(5_000, "rows taken from a table")
    max_characters: int | float = _setting(math.inf, "characters of a text", public=20_000)
    max_work: int | float = _setting(
        math.inf,
        "work of a page's request: the sum over texts and layers of tokens² × nodes (16 taken) × "
        "blocks above the layer",
        public=200_000_000,
    )
    max_seconds: int | float = _setting(math.inf, "seconds of a page's request", public=120)
    max_waiting: int | float = _setting(math.inf, "jobs that wait or run, in all", public=20)
    max_own_waiting: int | float = _setting(math.inf, "the same of one session", public=3)
    uploads_mb: int = _setting(2_000, "MB of uploads in all")
    own_uploads_mb: int = _setting(1_000, "MB of uploads of one session", public=200)
    runs_mb: int = _setting(10_000, "MB of runs in all")
    own_runs_mb: int = _setting(10_000, "MB of runs that one session has started", public=500)
    young_minutes: int = _setting(
        60, "minutes in which nothing of another visitor's is removed to make room"
    )

    @property
    def offered(self) -> tuple[str, ...]:
        """The models that a public server loads."""
        return self.models or (EMBEDDED_MODEL, *READY_MODELS[1:])

    @property
    def folder(self) -> Path:
        """Where uploads and runs lie."""
        default = Path(tempfile.gettempdir()) / f"xsb-explorer-{os.getuid()}"
        return Path(self.runs) if self.runs else default

    def lines(self) -> list[str]:
        """What is set, a line each, for the server's log."""
        return [
            f"{_variable(one)}={_written(getattr(self, one.name))}"
            for one in dataclasses.fields(self)
        ]


def settings() -> Settings:
    """The settings of now.

    Raises:
        DataError: If a variable can't be one.
    """
    public = os.environ.get("XSB_PUBLIC", "") not in ("", "0")
    return Settings(
        **{one.name: _value(one, public=public) for one in dataclasses.fields(Settings)}
    )


def go_offline() -> None:
    """Has the libraries download nothing, on a public server; before they are imported."""
    if settings().public:
        os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


def _value(one: dataclasses.Field, *, public: bool) -> Any:
    if one.name == "public":
        return public
    given = os.environ.get(_variable(one), "").strip()
    if not given:
        other = one.metadata["public"]
        return other if public and other is not None else one.default
    if one.name == "runs":
        return given
    if one.name == "models":
        return tuple(name.strip() for name in given.split(",") if name.strip())
    if not given.isdecimal() or int(given) < 1:
        raise DataError(
            f"{_variable(one)} is a whole number from 1, not {given!r}; mend the server's settings."
        )
    return int(given)


def _variable(one: dataclasses.Field) -> str:
    return f"XSB_{one.name.upper()}"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value == math.inf else str(int(value) if isinstance(value, bool) else value)
