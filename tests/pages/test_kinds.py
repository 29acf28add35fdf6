"""Models whose score is a sum over tokens as it is: no estimate, no references, no layer."""

import pytest

from tests import zoo_kinds as make
from tests.pages.helpers import open_page
from xsb_core import attribute, load_encoder

LINK = {"a": "A man plays the guitar.", "b": "Someone plays a song."}


@pytest.mark.parametrize("build", [make.sparse, make.multi_vector, make.static])
def test_the_page_says_what_such_a_score_is(build, tmp_path):
    build(tmp_path / "model")
    at = open_page("pair", model=str(tmp_path / "model"), **LINK)
    result = attribute(load_encoder(tmp_path / "model", device="cpu"), *LINK.values())
    assert not at.exception
    assert at.metric[0].value == f"{result.score:.{4 if abs(result.score) < 100 else 1}f}"
    assert not [slider for slider in at.select_slider if slider.label == "Layer"]
    said = " ".join(part.value for part in (*at.markdown, *at.caption)).replace("\\", "")
    assert "exact: nothing is estimated" in said
    assert "Nothing is estimated: the score is a sum over tokens" in said
    assert "steps from the empty text" not in said
    assert ("Cells measure from an empty text" in said) == (result.kind == "dense")
