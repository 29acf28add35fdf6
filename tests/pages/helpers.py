"""Pages run by Streamlit's own test driver, and what their charts show."""

import base64
import json
import time
from concurrent import futures
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from pages._frame import jobs
from tests.zoo import save_model
from xsb_core.figures.style import FRAME

ROOT = Path(__file__).parents[2]
# Seconds that a busy machine may need for a job.
PATIENT = 120


def open_page(page: str = "pair", **parameters: str) -> AppTest:
    """A page with these parameters in its link; the driver knows no addresses of function pages."""
    source = f"from pages.{page}.page import page\n\npage()"
    app = AppTest.from_string(source, default_timeout=300)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def plain(text: str) -> str:
    """Markdown with its escapes taken away."""
    return text.replace("\\", "")


def said(app: AppTest, *kinds: str) -> str:
    """What the page says in elements of these kinds; by default in all that are no problem."""
    kinds = kinds or ("markdown", "caption", "info", "success")
    return plain(" ".join(one.value for kind in kinds for one in getattr(app, kind)))


def small_models(folder: Path, **others: int) -> dict[str, str]:
    """Folders of small models, six blocks deep: MiniLM's tokenizer, another, few tokens, dot.

    Others are given by their names with their blocks.
    """
    kinds = {"bert": {}, "roberta": {}, "short": {"max_length": 8}, "dot": {"similarity": "dot"}}
    kinds |= {name: {"blocks": blocks} for name, blocks in others.items()}
    return {
        name: str(
            save_model(
                folder / name,
                "roberta" if name == "roberta" else "bert",
                **{"blocks": 6} | options,
            )
        )
        for name, options in kinds.items()
    }


def button(app: AppTest, label: str):
    """The page's button with this label."""
    return next(one for one in app.button if one.label == label)


def explain(app: AppTest, **texts: str) -> None:
    """Types texts, by their keys, and sends them."""
    for key, text in texts.items():
        app.text_area(key=key).set_value(text)
    button(app, "Explain").click().run()


def wait(app: AppTest) -> AppTest:
    """Looks again once no work is in progress: looking takes time from the work."""
    deadline = time.monotonic() + PATIENT
    while [button for button in app.button if button.label == "Cancel"]:
        assert time.monotonic() < deadline
        _work_ends()
        app.run()
    assert not app.exception
    return app


def wait_for_tables(app: AppTest, tables: int) -> None:
    """Looks again until so many tables are there."""
    deadline = time.monotonic() + PATIENT
    while len(app.dataframe) < tables:
        assert not app.error
        assert time.monotonic() < deadline
        _work_ends()
        app.run()


def _work_ends() -> None:
    futures.wait([job.future for job in jobs._jobs()._jobs.values()], PATIENT)


def figure(app: AppTest, name: str, which: int = 0) -> dict:
    """A chart of the page as plotly's JSON, found by a trace that it has."""
    found = []
    for chart in app.get("plotly_chart"):
        spec = json.loads(chart.proto.spec or chart.proto.figure.spec)
        if any(trace.get("name") == name or trace["type"] == name for trace in spec["data"]):
            found.append(spec)
    assert len(found) > which, f"no chart with {name}"
    return found[which]


def cells(app: AppTest, which: int = 0) -> np.ndarray:
    """The values of a heatmap."""
    trace = next(t for t in figure(app, "matrix", which)["data"] if t["name"] == "matrix")
    return decoded(trace["z"])


def boxed(app: AppTest, which: int = 0) -> tuple[float, float, float, float]:
    """The boxed rows and columns of a heatmap."""
    (shape,) = [
        shape
        for shape in figure(app, "matrix", which)["layout"]["shapes"]
        if shape["line"]["color"] == FRAME
    ]
    return shape["y0"], shape["y1"], shape["x0"], shape["x1"]


def decoded(values) -> np.ndarray:
    """An array of a chart; plotly sends them as base64."""
    if isinstance(values, dict):
        flat = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        shape = [int(size) for size in str(values.get("shape", flat.size)).split(",")]
        return flat.reshape(shape)
    return np.array(values)


def tick(app: AppTest, table: int, row: int) -> None:
    """Ticks a row of one of the page's tables, which the driver can't by itself."""
    key = app.dataframe[table].proto.id.split("-", 2)[2]  # $$ID-<hash>-<key>
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()
