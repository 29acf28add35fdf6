"""The page Evidence, and the pair page's section, as a visitor sees them."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from xsb_core import attribute, load_encoder, pair_evidence
from xsb_core.evidence import findings


def evidence():
    from pages.evidence.page import page

    page()


def test_it_shows_what_ships(tmp_path, monkeypatch):
    monkeypatch.setattr(findings, "SHIPPED", tmp_path)
    app = AppTest.from_function(evidence, default_timeout=60).run()
    assert "has no figures of methods" in app.error[0].value  # and the rest of the page stands
    assert app.button[0].label.startswith("Try ")
    rng = np.random.default_rng(0)
    rows = [
        {"model": "m", "layer": 4, "method": method, "comprehensiveness": x, "sufficiency": 1 - x}
        for method in ("net", "random")
        for x in rng.random(40)
    ]
    findings.evidence_summary(pd.DataFrame(rows)).to_parquet(tmp_path / "summary.parquet")
    app.run()
    assert not app.exception
    assert not app.error
    assert "more is better" in " ".join(one.value for one in app.caption)
    app.selectbox(key="figure").select_index(1).run()
    assert "less is better" in " ".join(one.value for one in app.caption)
    assert set(app.dataframe[0].value["method"]) == {"net", "random"}


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
