"""What is put before the two texts, and the tasks that they are encoded for."""

from __future__ import annotations

import streamlit as st

import xsb_core
from xsb_core.encoders.instruction import Instruction

_UNASKED = "as the model does unasked"


def pick_instructions(encoder: xsb_core.Encoder) -> tuple[Instruction, Instruction]:
    """A prompt by name, where the model has any, or any instruction; tasks, where it knows some.

    Raises:
        ModelError: For a name that is no prompt of the model's.
    """
    prompts, tasks = [], []
    with st.expander("Instructions"):
        for column, side in zip(st.columns(2), "AB", strict=True):
            named = None
            if encoder.prompts:
                named = column.selectbox(
                    f"Prompt of text {side}",
                    [None, *encoder.prompts],
                    format_func=lambda name: name or _UNASKED,
                    key=f"prompt_{side}",
                )
            typed = column.text_input(
                f"Instruction before text {side}",
                key=f"instruction_{side}",
                placeholder="such as “Instruct: find paraphrases. Query: ”",
            )
            prompts.append(typed or named)
            tasks.append(
                column.selectbox(
                    f"Task of text {side}",
                    [None, *encoder.tasks],
                    format_func=lambda task: task or _UNASKED,
                    key=f"task_{side}",
                )
                if encoder.tasks
                else None
            )
    return encoder.instructions((prompts[0], prompts[1]), (tasks[0], tasks[1]))
