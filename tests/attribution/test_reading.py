"""What a model didn't read is said; what falls to a prompt is told apart."""

import dataclasses

import pytest

from tests.zoo import make_model
from xsb_core import Attribution, Encoder, account, attribute, to_words, trust
from xsb_core.attribution.reading import warnings_of

THAI = "ฉันรักแมวของฉัน"


@pytest.fixture(scope="module")
def unread(minilm):
    return attribute(minilm, f"my {THAI}", "some cat or other, and a 😀", 5)


def test_much_that_is_unknown_is_warned_of_first(unread):
    (warning,) = warnings_of(unread)
    assert "lacks 88% of what it read of text A" in warning
    assert trust(unread).sentence.endswith("Read as unknown (⁇): 88% of text A, 5% of text B.")
    assert unread.a.tokens[2] == f"{THAI}⁇"
    assert Attribution.from_dict(unread.to_dict()).a.unknown == (False, False, True, False)
    assert to_words(unread).a.unread == unread.a.unread


def test_nothing_is_said_where_everything_was_read(minilm):
    result = attribute(minilm, "my cat", "a cat", 5)
    assert warnings_of(result) == ()
    assert "unknown" not in trust(result).sentence
    assert "ships in" not in trust(result).sentence


def test_the_precision_that_a_model_ships_in_is_said(unread):
    result = dataclasses.replace(unread, stored="bfloat16", notes=("A note.",))
    assert "Computed in float32; the model ships in bfloat16" in trust(result).sentence
    assert warnings_of(result)[0] == "A note."


@pytest.mark.parametrize("special", [True, False])
def test_a_prompts_tokens_have_a_line_of_the_account(special):
    encoder = Encoder(make_model("bert", prompts={"query": "find this: "}), "bert")
    texts = ("A man plays.", "Two dogs run.", 1)
    result = attribute(encoder, *texts, prompt_a="query", tolerance=1e-6)
    lines = {line.key: line.value for line in account(result, special=special)}
    assert sum(lines.values()) == pytest.approx(result.score, abs=1e-5)
    own = [place for place, prompted in enumerate(result.a.prompted) if prompted]
    assert [result.a.tokens[place] for place in own] == ["find", "this", ":"]
    expected = result.matrix[own].sum() + result.border_a[own].sum()
    assert lines["prompts"] == pytest.approx(expected, abs=1e-9)
    without = attribute(encoder, *texts, tolerance=1e-6)
    assert "prompts" not in {line.key for line in account(without, special=special)}
