"""What is put before a text, and the task that it is encoded for."""

import re
from dataclasses import dataclass

from sentence_transformers import SentenceTransformer

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
    model: SentenceTransformer,
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
        usual = next((key for key in wanted if key in model.prompts), model.default_prompt_name)
        return Instruction(model.prompts[usual] if usual else "", task)
    if prompt in model.prompts:
        return Instruction(model.prompts[prompt], task)
    if re.fullmatch(r"\S*\w", prompt):
        known = ", ".join(repr(key) for key, text in model.prompts.items() if text) or "none"
        raise ModelError(
            f"{name} has no prompt {prompt!r}; its prompts are: {known}; an instruction given "
            "as text ends in a space or punctuation, such as 'query: '."
        )
    return Instruction(prompt, task)
