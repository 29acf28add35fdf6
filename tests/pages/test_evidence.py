"""The page Evidence, and the pair page's section, as a visitor sees them."""

import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.evidence import links
from tests.pages.helpers import button, open_page, said, wait_for_tables
from xsb_core import attribute, load_encoder, pair_evidence
from xsb_core.encoders.ready import ASSETS
from xsb_core.evidence import edits, findings


def evidence():
    from pages.evidence.page import page

    page()


def test_it_shows_what_ships(tmp_path, monkeypatch):
    assert not edits.shipped_edits().empty  # imported first: it takes the folder that really ships
    monkeypatch.setattr(findings, "SHIPPED", tmp_path)
    app = AppTest.from_function(evidence, default_timeout=60).run()
    assert "has no figures of methods" in app.error[0].value  # and the rest of the page stands
    assert {"Compare 5 pairs", "Try 102 edits"} <= {one.label for one in app.button}
    rng = np.random.default_rng(0)
    rows = [
        {
            "model": "m",
            "layer": 4,
            "reference": "padding",
            "method": method,
            "comprehensiveness": x,
            "sufficiency": 1 - x,
        }
        for method in ("net", "random")
        for x in rng.random(40)
    ]
    deep = {"model": "m", "reference": "mask", "method": "net@3/mask", "layer": 3}
    rows += [deep | {"comprehensiveness": x, "sufficiency": x} for x in rng.random(40)]
    findings.evidence_summary(pd.DataFrame(rows)).to_parquet(tmp_path / "summary.parquet")
    app.run()
    assert not app.exception
    assert not app.error
    assert "The most faithful totals" in app.markdown[0].value
    assert {one.value for one in app.subheader} >= {"Layers and references"}
    assert "more is better" in " ".join(one.value for one in app.caption)
    app.selectbox(key="figure").select_index(1).run()
    assert "less is better" in " ".join(one.value for one in app.caption)
    assert set(app.dataframe[0].value["method"]) == {"net", "random", "net@3/mask"}


def test_links_of_a_pair_and_of_all():
    app = open_page("evidence")
    app.selectbox[1].select_index(1).run()
    assert "Average precision of people's links, by the cells of net " in said(app)
    assert "Opposites are apart" in said(app)
    tables = len(app.dataframe)
    button(app, "Compare 5 pairs").click().run()
    wait_for_tables(app, tables + 1)
    assert "F1 at the threshold" in said(app)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("one.wa", (ASSETS / "sample-links.wa").read_text(), "Opposites|Average precision"),
        ("one.txt", "a dog runs ||| the dog ran ||| 1-1 2-2", "Average precision"),
        ("one.csv", "text_a,text_b,alignment\na dog runs,a dog,1-1\n", "Average precision"),
        ("bad.txt", "x ||| y ||| 0-3", "can't be read|out of range"),
        ("bad.csv", "text_a,text_b\na,b\n", "no column"),
    ],
)
def test_uploaded_links(tmp_path, monkeypatch, name, text, says):
    path = tmp_path / name
    path.write_text(text)
    monkeypatch.setattr(links, "pick_upload", lambda *args, **options: path)
    app = AppTest.from_function(evidence, default_timeout=120).run()
    assert not app.exception
    assert re.search(says, said(app, "markdown", "error"))
    assert bool(app.error) == name.startswith("bad")


@pytest.fixture(scope="module")
def found():
    encoder = load_encoder(device="cpu")
    result = attribute(encoder, "A man plays a guitar.", "A man is playing a guitar.", 5)
    return encoder, result, pair_evidence(encoder, result)


def test_a_pairs_curves_begin_at_its_score_and_end_alike(found):
    _, result, own = found
    assert own.score == pytest.approx(result.score, abs=1e-5)
    lines = ["highest first", "lowest first", "by single deletion", "low", "high"]
    for _, some in own.curves.groupby("text"):
        assert some[lines].iloc[0].to_numpy() == pytest.approx(own.score)
        assert some[lines].iloc[-1].to_numpy() == pytest.approx(some["low"].iloc[-1])
        assert (some["low"] <= some["high"]).all()
    assert own.figures["what"].tolist()[:2] == ["comprehensiveness", "sufficiency"]
    assert "falls faster than by chance" in own.sentence


def test_what_replaces_words_is_said(found):
    encoder, result, own = found
    assert own.how == "removed"
    masked = pair_evidence(encoder, result, "masked")
    assert "highest net totals replaced by [MASK] first" in masked.sentence
    assert masked.figures["value"].tolist() != own.figures["value"].tolist()


def test_a_pair_of_single_words():
    encoder = load_encoder(device="cpu")
    own = pair_evidence(encoder, attribute(encoder, "dog", "puppy", 5))
    values = own.figures.set_index("what")["value"]
    assert pd.isna(values["leave-one-out"])
    assert values["comprehensiveness"] > 0
    assert values["sufficiency"] == pytest.approx(0, abs=1e-6)


def test_the_section_draws(found):
    def section():
        import xsb_core
        from pages._frame.holds import _show, show_holds

        encoder = xsb_core.load_encoder(device="cpu")
        result = xsb_core.attribute(encoder, "A man eats.", "A man is eating.", 5)
        show_holds(encoder, result)
        _show(xsb_core.pair_evidence(encoder, result))

    app = AppTest.from_function(section, default_timeout=120).run()
    assert not app.exception
    assert app.button[0].label == "Try it"
    assert len(app.dataframe[0].value) == 5
