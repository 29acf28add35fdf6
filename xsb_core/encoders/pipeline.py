"""What a text passes on its way to its embedding: a model's modules, its Routers opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sentence_transformers import MultiVectorEncoder, SentenceTransformer, SparseEncoder
from sentence_transformers.base.model import BaseModel
from sentence_transformers.base.modules import Module, Router
from sentence_transformers.sentence_transformer.modules import Normalize
from torch import nn

from xsb_core.errors import ModelError

# What a model gives a text: one embedding; a weight for each term of a vocabulary, most of them 0;
# or an embedding for each token, matched one by one.
DENSE, SPARSE, LATE = "dense", "sparse", "late interaction"
_KINDS: dict[type[BaseModel], str] = {
    SentenceTransformer: DENSE,
    SparseEncoder: SPARSE,
    MultiVectorEncoder: LATE,
}

# Where models keep a learned vector for each position.
_POSITION_TABLE = re.compile(r"(^|\.)(position_embeddings?|embed_positions|wpe)$")


@dataclass(frozen=True, eq=False)
class Pipeline:
    """The modules that a text of one task passes.

    Attributes:
        task: What ``encode`` calls it, such as "query"; None where a model has one way for all.
        modules: All of them, in order.
        truncate_dim: How many dimensions ``encode`` keeps; None: all.
        kind: "dense", "sparse" or "late interaction".
        most_terms: How many terms ``encode`` keeps of a sparse embedding; None: all.
    """

    task: str | None
    modules: tuple[nn.Module, ...]
    truncate_dim: int | None
    kind: str = DENSE
    most_terms: int | None = None

    @property
    def first(self) -> Any:  # the modules that have a tokenizer share no class that says so
        """The module that reads texts."""
        return self.modules[0]

    @property
    def normalises(self) -> bool:
        """Whether embeddings are unit vectors, by a last module that the cosine brings back in."""
        last = self.modules[-1]
        return (
            isinstance(last, Normalize)
            and last.module_input_name == last.module_output_name == "sentence_embedding"
        )

    @cached_property
    def behind(self) -> tuple[nn.Module, ...]:
        """What follows the first module, up to the unnormalised embedding."""
        modules = self.modules[1 : -1 if self.normalises else None]
        if self.truncate_dim is not None:
            modules += (_Truncate(self.truncate_dim),)
        return modules

    @property
    def config(self) -> Any:
        """The transformer's configuration; None for a first module without one."""
        return getattr(getattr(self.first, "model", None), "config", None)

    @cached_property
    def positions(self) -> int | None:
        """How many tokens its table of positions has rows for; None without such a table."""
        rows = [
            part.num_embeddings - _first_position(part)
            for name, part in self.first.named_modules()
            if isinstance(part, nn.Embedding) and _POSITION_TABLE.search(name)
        ]
        return min(rows, default=None)

    @property
    def told(self) -> dict[str, str]:
        """How ``encode`` and ``preprocess`` are told of the task; older modules know of none."""
        return {} if self.task is None else {"task": self.task}

    @property
    def max_length(self) -> int | None:
        """How many tokens the task lets through, where it says so; None: the tokenizer's own."""
        if self.task not in ("query", "document"):
            return None
        own = getattr(self.first, f"{self.task}_length", None)
        expansion = getattr(self.first, "query_expansion", None) if self.task == "query" else None
        if expansion is None:
            return own
        if expansion["strategy"] == "fixed":
            return expansion["length"]
        return own and max(own, expansion["length"])

    @property
    def settings(self) -> dict[str, Any]:
        """What, beside weights, its modules are configured with."""
        return {
            f"{type(module).__name__} {place}'s {key}": value
            for place, module in enumerate(self.modules)
            if isinstance(module, Module)
            for key, value in module.get_config_dict().items()
        }


def pipelines_of(model: BaseModel, name: str) -> dict[str | None, Pipeline]:
    """A model's pipelines by task; None stands for ``encode`` without a task.

    Raises:
        ModelError: If no way through its Routers is for texts.
    """
    found = {}
    for task in (None, *_tasks(model)):
        try:
            modules = tuple(_passed(list(model), task))
        except ValueError:  # a Router that has no way for this task
            continue
        found[task] = Pipeline(
            task,
            modules,
            getattr(model, "truncate_dim", None),
            _kind(model),
            getattr(model, "max_active_dims", None),
        )
    if not found:
        raise ModelError(f"{name}'s Router has no way for texts; choose another model.")
    return found


def _kind(model: BaseModel) -> str:
    return next(kind for own, kind in _KINDS.items() if isinstance(model, own))


def _first_position(table: nn.Embedding) -> int:
    """Some families begin to count behind the padding's own row."""
    behind_padding = 0 if table.padding_idx is None else table.padding_idx + 1
    return getattr(table, "offset", behind_padding)


def _tasks(model: BaseModel) -> list[str]:
    """The tasks that a model's Routers know, in their order; late interaction knows two anyway."""
    routers = [module for module in model.modules() if isinstance(module, Router)]
    named = [task for router in routers for task, _ in router.route_mappings]
    named += [route for router in routers for route in router.sub_modules]
    if _kind(model) == LATE:
        named += ["query", "document"]
    return list(dict.fromkeys(task for task in named if task and task != "text"))


def _passed(modules: list[nn.Module], task: str | None) -> Iterator[nn.Module]:
    for module in modules:
        if isinstance(module, Router):
            route = module._resolve_route(task=task, modality="text") or ""
            yield from _passed(list(module.sub_modules[route].children()), task)
        else:
            yield module


class _Truncate(nn.Module):
    """Keeps the first dimensions of an embedding, as ``encode`` does where a model asks for it."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        return features | {"sentence_embedding": features["sentence_embedding"][..., : self.size]}
