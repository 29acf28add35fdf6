"""The page of studies, run by Streamlit's own test driver: the shipped one and uploaded ones."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import findings
from tests.pages.helpers import cells, decoded, figure, open_page, said, wait
from tests.studies.factory import random_results, result, write_results
from xsb_core.corpus.export import write_parquet
from xsb_core.corpus.results import Results
from xsb_core.studies.agreement.by_score import between, spearman_by_score
from xsb_core.studies.measurements import STSB, Measurements
from xsb_core.studies.reference_terms import reference_terms
from xsb_core.studies.signs import sign_sums

TEST_SET = Path(__file__).parents[3] / "shared/data/stsb/stsb-en-test.csv"


@pytest.fixture(scope="module")
def shipped() -> Measurements:
    return Measurements.load(STSB)


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))


def trace(app, name: str) -> dict:
    return next(t for t in figure(app, name)["data"] if t.get("name") == name)


def tables(app) -> dict:
    """The tables of the page that have the paper's values, as rows by their first column."""
    found = {}
    for frame in app.dataframe:
        if "this run" in frame.value:
            found |= frame.value.set_index("Figure")["this run"].to_dict()
    return found


def upload(files: dict[str, list], tmp_path, **parameters: str) -> AppTest:
    """The page with results of these runs, by file name."""
    app = open_page("references", results="Results files", **parameters)
    values = []
    for name, results in files.items():
        folder = write_results(tmp_path / name, results)
        write_parquet(Results(folder), tmp_path / f"{name}.parquet")
        values.append((f"{name}.parquet", (tmp_path / f"{name}.parquet").read_bytes(), ""))
    app.file_uploader(key="results_files").set_value(values)
    return wait(app.run())


def test_a_fresh_machine_shows_the_shipped_study(shipped):
    app = open_page("references")
    assert not app.error
    found = reference_terms(shipped.measures, "shelf")
    assert sum(decoded(trace(app, "reference similarities")["y"])) == 2 * 1379
    assert tables(app)["f(a, r_b) and f(b, r_a) within ±0.1"] == found.beside()[0].here
    pair = app.selectbox(key="run_1").value, app.selectbox(key="run_2").value
    assert pair == ("tuned", "exact")
    layer = max(between(shipped.agreements, *pair)["layer"])
    by_score = spearman_by_score(shipped.agreements, *pair, layer)
    points = trace(app, "pairs")
    np.testing.assert_allclose(decoded(points["y"]), by_score.table["spearman"])
    assert by_score.beside()[0].here in tables(app).values()
    assert app.dataframe[0].value["the paper, all-mpnet-base-v2"].tolist() == ["85.8%", "6.7%"]
    signs = sign_sums(shipped.measures, "exact", 4)
    np.testing.assert_allclose(decoded(trace(app, "exact: pairs")["x"]), signs.table["positive"])
    assert tables(app)["Positive cells add up to more than 1"] == signs.beside()[0].here


def test_choices_come_from_the_link(shipped):
    app = open_page(
        "references", run_1="shelf", run_2="exact", depth="4", above="0.3", signs_layer="5",
        references_of="exact",
    )  # fmt: skip
    assert app.slider(key="above").value == 0.3
    assert app.selectbox(key="depth").value == 4
    assert "all three terms vanish" in said(app)
    by_score = spearman_by_score(shipped.agreements, "shelf", "exact", 4)
    np.testing.assert_allclose(decoded(trace(app, "pairs")["x"]), by_score.table["score"])
    title = figure(app, "exact: pairs")["layout"]["annotations"][0]["text"]
    assert "layer 5" in title


def test_a_shipped_pair_has_figures_and_says_how_to_get_its_texts(shipped):
    app = open_page("references", pair="17")
    (table,) = [frame.value for frame in app.dataframe if "Sum of positive cells" in frame.value]
    own = shipped.measures[shipped.measures["id"] == "17"]
    expected = own[own["run"].isin(["tuned", "exact"]) & (own["layer"] == 5)]
    assert table["Model"].tolist() == ["tuned", "exact"]
    np.testing.assert_allclose(table["Sum of positive cells"], expected["positive"].round(4))
    assert "The study ships without sentences" in said(app)


@pytest.mark.skipif(not TEST_SET.exists(), reason="STS-B is not on this machine")
def test_a_shipped_pair_gets_its_texts_from_a_path():
    app = open_page("references", pair="0", stsb=str(TEST_SET))
    texts = said(app, "markdown")
    assert "A girl is styling her hair." in texts
    assert "A girl is brushing her hair." in texts
    (link,) = app.get("link_button")
    assert link.proto.url.startswith("compare?a=A+girl+is+styling")
    assert "model_1=tuned&model_2=exact" in link.proto.url


def test_mistakes_are_sentences(tmp_path):
    app = open_page("references", pair="99999")
    assert "There is no pair 99999 of tuned and exact" in said(app, "error")
    app = open_page("references", pair="1", stsb="/nowhere.csv")
    assert "/nowhere.csv can't be read" in said(app, "error")
    (tmp_path / "other.csv").write_text("A bird sings.,A bird eats.,3.0\n" * 2, encoding="utf-8")
    app = open_page("references", pair="1", stsb=str(tmp_path / "other.csv"))
    assert "has 2 pairs, but STS-B's test set has 1,379" in said(app, "error")
    app = open_page("references", results="Results files")
    assert "Give the Parquet files" in said(app, "info")
    app.file_uploader(key="results_files").set_value([("x.parquet", b"no", "")]).run()
    assert "x.parquet is no Parquet file" in said(app, "error")
    assert "/" not in said(app, "error")


def test_uploaded_results_are_measured_and_a_pair_opens(tmp_path):
    first, second = random_results(40), random_results(40, 1, model="other")
    app = upload({"one": first, "two": second}, tmp_path, pair="7")
    assert not app.error
    within = np.mean([abs(v) <= 0.1 for r in first for v in (r.reference_terms.a_rb,
                                                             r.reference_terms.b_ra)])  # fmt: skip
    assert tables(app)["f(a, r_b) and f(b, r_a) within ±0.1"] == (
        f"{100 * within:.1f}% (plain, 40 pairs)"
    )
    for which, made in enumerate((first, second)):
        np.testing.assert_allclose(cells(app, which), made[7].net_matrix, atol=1e-6)
    limits = [figure(app, "matrix", which)["data"][0]["zmax"] for which in (0, 1)]
    assert limits[0] == limits[1]
    assert first[7].a.text in said(app, "markdown")


def test_folders_of_this_machine_are_in_the_link(tmp_path):
    first, second = random_results(40), random_results(40, 1, model="other")
    paths = [write_results(tmp_path / "one", first), write_results(tmp_path / "two", second)]
    link = {"results": "Results files", "folders": "\n".join(map(str, paths)), "pair": "7"}
    app = wait(open_page("references", **link))
    assert not app.error
    np.testing.assert_allclose(cells(app, 1), second[7].net_matrix, atol=1e-6)
    app.text_area(key="folders").set_value(f"{paths[0]}\n{tmp_path}/nothing").run()
    assert f"{tmp_path}/nothing holds no results" in said(app, "error")


def test_results_of_other_pairs_are_told_once(tmp_path):
    one = random_results(40)
    app = upload({"one": one, "two": random_results(40, model="other")[::-1]}, tmp_path)
    for _ in range(2):
        assert "has other texts in other, layer 4 (of pairs by hand) than in plain" in said(
            app, "error"
        )
        app.run()
        assert not [button for button in app.button if button.label == "Cancel"]


def test_models_of_other_depth_meet_before_the_score_and_open_a_pair(tmp_path):
    flat = random_results(40, model="flat", layer=5)
    deep = random_results(40, 1, model="deep", layer=11, blocks=12)
    app = upload({"flat": flat, "deep": deep}, tmp_path, pair="7", run_1="deep", run_2="flat")
    assert not app.error
    np.testing.assert_allclose(cells(app, 0), deep[7].net_matrix, atol=1e-6)
    np.testing.assert_allclose(cells(app, 1), flat[7].net_matrix, atol=1e-6)
    assert "Spearman, layer 11 of 12" in tables(app)
    assert app.selectbox(key="signs_layer").options == ["11"]
    assert "models of fewer blocks are shown at the layer that leaves as many" in said(
        app, "caption"
    )
    titles = [one["text"] for one in figure(app, "flat: pairs")["layout"]["annotations"]]
    assert {"flat, layer 5<br>sums of cells", "deep, layer 11<br>sums of cells"} <= set(titles)
    (link,) = app.get("link_button")
    assert "layer=11&layer_2=5" in link.proto.url


def test_one_file_has_no_agreement_but_the_rest(tmp_path):
    app = upload({"one": random_results(40)}, tmp_path)
    assert "Agreement takes the results of two models" in said(app, "error")
    assert len(decoded(trace(app, "plain: pairs")["x"])) == 40


def test_what_a_link_asks_for_in_vain_is_said():
    app = open_page(
        "references", run_1="foo", depth="9", above="5", signs_layer="x", results="y", pair=" 5 "
    )
    warnings = said(app, "warning")
    for label, asked, shown in (
        ("Model 1", "foo", "tuned"),
        ("Layer of the scatter", "9", "5"),
        ("Least score of the means by layer", "5", "0.5"),
        ("Layer of the signs", "x", "4"),
        ("Results", "y", "STS-B test, shipped"),
    ):
        sentence = f"{label}: the link asks for {asked}, which is not offered; showing {shown}."
        assert sentence in warnings
    assert not app.error  # the pair is 5
    assert not open_page("references", run_1="shelf", above="0.50", depth="2").warning


def test_the_page_of_signs_has_the_answer(monkeypatch):
    files = []
    monkeypatch.setattr(findings, "download_row", lambda made, pictures: files.extend(made))
    app = open_page("references", signs_layer="5")
    page = [file.make().decode() for file in files if file.label == "HTML"][-1]
    said = [block.value.replace("\\", "") for block in app.markdown]
    answers = [answer for answer in said if "cells should add up to" in answer]
    assert len(answers) == 2
    assert all(answer.replace("'", "&#x27;") in page for answer in answers)


def test_runs_without_results_at_a_layer_are_named(tmp_path):
    first, second = random_results(12, layer=4), random_results(12, 1, layer=5, model="other")
    app = upload({"one": first, "two": second}, tmp_path, signs_layer="5")
    assert f"{first[0].model} has no results at this layer, only at 4." in said(app)


def test_uploads_are_in_the_link(tmp_path):
    app = upload({"one": random_results(12), "two": random_results(12, 1, model="n")}, tmp_path)
    names = app.query_params["uploaded_results_files"]
    assert [name.partition("/")[2] for name in names] == ["one.parquet", "two.parquet"]
    link = {"results": "Results files", "uploaded_results_files": names}
    again = wait(open_page("references", **link))
    assert "one.parquet, two.parquet, uploaded before, are in use." in said(again)
    assert tables(again) == tables(app)
    again.button(key="results_files_remove").click().run()
    assert "uploaded_results_files" not in again.query_params
    kept = "0" * 32
    link["uploaded_results_files"] = [f"{kept}/x"]
    gone = open_page("references", **link)
    assert "x is no longer kept on this server; upload it again." in said(gone, "warning")
    link["uploaded_results_files"] = ["../x", f"{kept}/../x", f"{kept}/{'x' * 300}"]
    bad = open_page("references", **link)
    assert not bad.warning
    assert "Give the Parquet files" in said(bad, "info")


def test_meaningless_figures_are_said_to_be(tmp_path):
    flat = [result(np.full((3, 4), 0.1), model=model) for model in ("m", "n")]
    app = upload({"one": [flat[0]] * 3, "two": [flat[1]] * 3}, tmp_path)
    assert not app.error
    assert "3 of 3 pairs have no rank correlation" in said(app)
    assert "There is one layer only" in said(app)
    assert "No curves are drawn" in said(app)
    assert "Only 3 pairs" in said(app)
