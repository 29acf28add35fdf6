"""The page on adjectives, run by Streamlit's own test driver: what it computes and says."""

import numpy as np
import pytest

from tests.pages.helpers import (
    boxed,
    cells,
    decoded,
    figure,
    open_page,
    plain,
    tick,
    wait_for_tables,
)
from xsb_core import Recipe, attribute, load_encoder, to_words
from xsb_core.studies.adjectives.pairs import attribute_adjectives, shipped_adjectives
from xsb_core.studies.adjectives.triplets import DEFAULT_TEMPLATE, Triplet, place

ONE = {"two": "false", "model_1": "shelf"}
WHOLE = {"view": "All triplets"}
SHORT = ONE | {"layer": "5", "anchor": "wet", "synonym": "damp", "opposite": "dry"}


def test_default_is_one_triplet_in_shelf_and_exact_and_the_papers_study():
    app = open_page("adjectives")
    assert not app.error
    shown = []
    for number, name in enumerate(("shelf", "exact")):
        for place_, adjective in enumerate(("pretty", "ugly")):
            a, b = (place(DEFAULT_TEMPLATE, word).sentence for word in ("beautiful", adjective))
            result = to_words(attribute(load_encoder(name), a, b))
            which = 2 * number + place_
            np.testing.assert_allclose(cells(app, which), result.net_matrix, atol=1e-6)
            assert boxed(app, which) == (3.5, 4.5, 3.5, 4.5)
            shown.append(f"{result.net_matrix[4, 4]:+.4f}")
    metrics = [m.value for m in app.metric if m.label.startswith("Attribution")]
    assert metrics == shown
    limits = [figure(app, "matrix", which)["data"][0]["zmax"] for which in range(4)]
    assert limits[0] == limits[1]
    app = open_page("adjectives", **WHOLE)
    table = shipped_adjectives()
    for _, rows in table.groupby("model", sort=False):
        values = rows.loc[rows["kind"] == "synonym", "attribution"]
        bars = figure(app, f"synonym, mean {values.mean():+.3f} (dashed)")["data"]
        assert decoded(bars[0]["y"]).sum() == 23
    wide = app.dataframe[-1].value
    assert len(wide) == 23
    assert wide["anchor"].tolist()[:2] == ["beautiful", "ugly"]
    own = table[(table["model"] == "exact") & (table["kind"] == "opposite")]
    np.testing.assert_allclose(wide["exact: opposite"], own["attribution"])


def test_the_papers_study_has_the_models_in_the_order_chosen():
    app = open_page("adjectives", model_1="exact", model_2="shelf", **WHOLE)
    heads = [head for head in app.dataframe[-1].value if ": " in head]
    assert [head.partition(":")[0] for head in heads] == ["exact", "exact", "shelf", "shelf"]


def test_a_row_of_the_study_opens_its_pairs(minilm):
    app = open_page("adjectives", **ONE, **WHOLE)
    tick(app, -1, 2)
    a, b = (place(DEFAULT_TEMPLATE, word).sentence for word in ("small", "big"))
    expected = to_words(attribute(minilm, a, b))
    np.testing.assert_allclose(cells(app, 1), expected.net_matrix, atol=1e-6)
    assert boxed(app, 1) == (3.5, 4.5, 3.5, 4.5)


def test_inputs_come_from_the_link_and_tokens_can_be_shown(minilm):
    app = open_page("adjectives", **SHORT, template="A ___ dog", cells="Tokens", special="false")
    result = attribute(minilm, "A wet dog", "A damp dog", 5)
    np.testing.assert_allclose(cells(app), result.net_matrix[1:-1, 1:-1], atol=1e-6)
    assert boxed(app) == (0.5, 1.5, 0.5, 1.5)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"template": "A dog"}, "The template “A dog” has no slot; put ___ exactly once"),
        ({"template": "___ ___"}, "The template “___ ___” has 2 slots"),
        ({"template": " "}, "There is no template"),
        ({"synonym": ""}, "The triplet has no synonym"),
        ({"opposite": "Wet"}, "The triplet has the same adjective twice"),
        ({"templates": "A dog"} | WHOLE, "The template “A dog” has no slot"),
        ({"templates": "A ___\nA ___"} | WHOLE, "The template “A ___” comes twice"),
        ({"model_1": "no/such"}, "no/such is not on this machine"),
    ],
)
def test_errors_are_one_sentence_and_nothing_typed_is_lost(parameters, message):
    app = open_page("adjectives", **(SHORT | parameters))
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value
    (key, value), *_ = parameters.items()
    if key in ("template", "synonym", "opposite"):
        assert app.text_input(key=key).value == value
    if key == "templates":
        assert app.text_area(key=key).value == value


def upload(app, content, name="own.csv"):
    return app.file_uploader(key="triplets_file").upload(name, content, "text/csv").run()


def test_own_triplets_and_templates_are_attributed_in_the_background(minilm, monkeypatch, tmp_path):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = open_page("adjectives", **SHORT, **WHOLE, templates="A ___ dog\nIt is ___.")
    app = upload(app, b"anchor,synonym,opposite\nwet,damp,dry\n")
    next(button for button in app.button if button.label == "Attribute 4 adjective pairs").click()
    app.run()
    wait_for_tables(app, 2)
    wide = app.dataframe[-1].value
    assert wide["template"].tolist() == ["A ___ dog", "It is ___."]
    triplet = Triplet("wet", "damp", "dry")
    expected = attribute_adjectives(minilm, [triplet], ["A ___ dog", "It is ___."], Recipe(layer=5))
    for kind in ("synonym", "opposite"):
        own = expected.loc[expected["kind"] == kind, "attribution"]
        np.testing.assert_allclose(wide[f"shelf: {kind}"], own, atol=1e-6)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"anchor,synonym\nwet,damp\n", "own.csv has the columns anchor, synonym; expected"),
        (b"anchor,synonym,opposite\nwet,,dry\n", "Triplet 1 has no synonym"),
        (b"anchor,synonym,opposite\na,b,c\na,b,c\n", "Triplet 2 is the same as triplet 1"),
        (b"", "own.csv is empty"),
    ],
)
def test_wrong_uploads_are_told(monkeypatch, tmp_path, content, message):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = upload(open_page("adjectives", **SHORT, **WHOLE), content)
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value
    assert app.text_area(key="templates").value == DEFAULT_TEMPLATE  # the rest is still there
