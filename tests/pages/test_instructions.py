"""An instruction typed on the page stands before its text, and a wrong name is one sentence."""

import torch

from tests.pages.helpers import button, open_page
from tests.zoo import save_model
from xsb_core import attribute, load_encoder


def test_any_instruction_is_put_before_a_text():
    at = open_page("pair", a="A man plays.", b="Someone plays.")
    before = at.metric[0].value
    field = next(part for part in at.text_input if part.label == "Instruction before text A")
    field.set_value("Query: ").run()
    assert not at.exception
    assert at.metric[0].value != before
    field = next(part for part in at.text_input if part.label == "Instruction before text A")
    field.set_value("query").run()
    assert not at.exception
    assert "has no prompt 'query'" in at.error[0].value


def test_a_link_brings_its_instructions(tmp_path):
    prompts = {"query": "find this: ", "document": "here is "}
    folder = str(save_model(tmp_path / "model", "bert", prompts=prompts, dtype=torch.float32))
    link = {"model": folder, "a": "A man plays.", "b": "Someone plays."}
    at = open_page("pair", **link, prompt_A="query", instruction_B="Seek: ")
    result = attribute(
        load_encoder(folder), link["a"], link["b"], prompt_a="query", prompt_b="Seek: "
    )
    assert at.metric[0].value == f"{result.score:.4f}"
    assert not at.warning


def test_a_link_with_other_names_says_so_in_a_sentence():
    at = open_page("pair", prompt_A="<b>query</b>", task_B="'; DROP", instruction_A="passage")
    said = [as_shown(warning.value) for warning in at.warning]
    assert [sentence.split(":")[0] for sentence in said] == ["Prompt of text A", "Task of text B"]
    assert all("which is not offered" in sentence for sentence in said)
    assert "has no prompt 'passage'" in as_shown(at.error[0].value)


def test_the_list_of_models_is_beside_the_picker():
    at = open_page("pair")
    button(at, "Which models work?").click().run()
    assert not at.exception
    assert any("all-mpnet-base-v2" in part.value for part in at.markdown)
    assert any("Refused" in part.value for part in at.markdown)


def as_shown(text: str) -> str:
    return text.replace("\\", "")
