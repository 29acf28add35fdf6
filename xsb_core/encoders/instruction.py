"""What is put before a text, and the task that it is encoded for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xsb_core.errors import ModelError

# The prompts that ``encode_query`` and ``encode_document`` look for.
_PROMPTS_OF_TASKS = {"query": ("query",), "document": ("document", "passage", "corpus")}


@dataclass(frozen=True)
class Instruction:
    """How a text is to be read.

    Attributes:
        prompt: What is put before it; empty without a prompt.
        task: The task that it is encoded for, in models that tell tasks apart.
    """

    prompt: str = ""
    task: str | None = None


def instruction(
    prompts: Mapping[str, str],
    default: str | None,
    name: str,
    tasks: tuple[str | None, ...],
    prompt: str | None,
    task: str | None,
) -> Instruction:
    """Resolves a prompt and a task as the model's ``encode`` methods do; see ``Encoder``."""
    if task not in tasks:
        known = ", ".join(repr(task) for task in tasks if task) or "none"
        raise ModelError(f"{name} has no task {task!r}; its tasks are: {known}.")
    if prompt is None:
        wanted = _PROMPTS_OF_TASKS.get(task or "", ())
        usual = next((key for key in wanted if key in prompts), default)
        return Instruction(prompts[usual] if usual else "", task)
    # a model without prompts still has the names "query" and "document", for nothing
    if prompt in prompts and any(prompts.values()):
        return Instruction(prompts[prompt], task)
    if re.fullmatch(r"\S*\w", prompt):
        known = ", ".join(repr(key) for key, text in prompts.items() if text) or "none"
        raise ModelError(
            f"{name} has no prompt {prompt!r}; its prompts are: {known}; an instruction given "
            "as text ends in a space or punctuation, such as 'query: '."
        )
    return Instruction(prompt, task)
