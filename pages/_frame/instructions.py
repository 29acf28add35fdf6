"""What is put before the two texts, and the tasks that they are encoded for; in the link."""

from __future__ import annotations

import streamlit as st

import xsb_core
from pages._frame.links import warn_of_link
from xsb_core.encoders.instruction import Instruction

_UNASKED = "as the model does unasked"


def pick_instructions(
    encoder: xsb_core.Encoder,
    texts: tuple[str, str] = ("text A", "text B"),
    unasked: tuple[str | None, str | None] = (None, None),
) -> tuple[Instruction, Instruction]:
    """A prompt by name, where the model has any, or any instruction; tasks, where it knows some.

    They are in the link as ``prompt_A``, ``instruction_A``, ``task_A`` and so on.

    Args:
        encoder: The encoder.
        texts: What the two are called.
        unasked: The prompts where none is chosen; None: what ``encode`` takes.

    Raises:
        ModelError: For a name that is no prompt of the model's.
    """
    prompts, tasks = [], []
    for side, text in zip("AB", texts, strict=True):  # outside of what is folded
        _warn(f"Prompt of {text}", f"prompt_{side}", [*encoder.prompts])
        _warn(f"Task of {text}", f"task_{side}", [*encoder.tasks])
    with st.expander("Instructions"):
        for column, side, text, usual in zip(st.columns(2), "AB", texts, unasked, strict=True):
            with column:
                named = _pick(f"Prompt of {text}", f"prompt_{side}", [*encoder.prompts])
                typed = st.text_input(
                    f"Instruction before {text}",
                    key=f"instruction_{side}",
                    bind="query-params",
                    placeholder="such as “Instruct: find paraphrases. Query: ”",
                )
                prompts.append(typed or named or usual)
                tasks.append(_pick(f"Task of {text}", f"task_{side}", [*encoder.tasks]))
    return encoder.instructions((prompts[0], prompts[1]), (tasks[0], tasks[1]))


def _warn(label: str, key: str, names: list[str]) -> None:
    warn_of_link(key, label, lambda asked: asked in (_UNASKED, *names), _UNASKED)
    if not names:
        st.query_params.pop(key, None)


def _pick(label: str, key: str, names: list[str]) -> str | None:
    """One of the model's names, where it has any."""
    if not names:
        return None
    chosen = st.selectbox(label, [_UNASKED, *names], key=key, bind="query-params")
    return None if chosen == _UNASKED else chosen
