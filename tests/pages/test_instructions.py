"""An instruction typed on the page stands before its text, and a wrong name is one sentence."""

from tests.pages.helpers import open_page


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
