"""What a model's files say of it: read and checked before anything of it is loaded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from sentence_transformers import MultiVectorEncoder, SentenceTransformer, SparseEncoder
from sentence_transformers.base.model import BaseModel

from xsb_core.encoders.model_files import ModelFiles, within
from xsb_core.encoders.shift import Shift
from xsb_core.encoders.told import adapters_of, check_told, own_code
from xsb_core.encoders.weights import stored_weights
from xsb_core.errors import ModelError

# The one module class from outside sentence-transformers that a model may name, by its name of
# today and by that in models of version 0.1.
OWN_MODULES = {
    f"{Shift.__module__}.{Shift.__qualname__}": Shift,
    "xsb_core.shift.Shift": Shift,
}
# Modules of PyLate, which sentence-transformers reads as its own.
_PYLATE = ("pylate.models.Dense.Dense",)
_KINDS: dict[str, type[BaseModel] | None] = {
    "SparseEncoder": SparseEncoder,
    "MultiVectorEncoder": MultiVectorEncoder,
    "CrossEncoder": None,
}
# Modules, classes and names of kinds that give away a model whose configuration doesn't name one.
_SIGNS = {
    "SpladePooling": "SparseEncoder",
    "MLMTransformer": "SparseEncoder",
    "SparseAutoEncoder": "SparseEncoder",
    "SparseStaticEmbedding": "SparseEncoder",
    "MultiVectorMask": "MultiVectorEncoder",
    "ColBERT": "MultiVectorEncoder",
    "HF_ColBERT": "MultiVectorEncoder",
    "LogitScore": "CrossEncoder",
}


# Routers inside Routers, and blocks that share one block's weights: more is no model.
_DEEPEST, _MOST_SHARED = 8, 200
# What configurations call the number of blocks.
_BLOCKS = ("num_hidden_layers", "num_layers", "n_layers", "n_layer")


@dataclass(frozen=True)
class Declared:
    """A model's files, as far as they are no weights.

    Attributes:
        modules: Whether they name modules; a plain transformers model names none.
        configs: The transformers' configurations, one a folder.
        stored: The precision that most of their weights are kept in; None: unknown.
        kind: What loads it.
        adapters: The folder of its adapters, as sentence-transformers saves them.
    """

    modules: bool
    configs: tuple[dict[str, Any], ...]
    stored: str | None
    kind: type[BaseModel] = SentenceTransformer
    adapters: Path | None = None

    @property
    def own_code(self) -> bool:
        """Whether a configuration names code of the model's own."""
        return any("auto_map" in config for config in self.configs)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the model before its scores."""
        notes = []
        if not self.modules and self.kind is SentenceTransformer:
            notes.append(
                "The model names no pooling, so its token embeddings are pooled as "
                "SentenceTransformer does by default (their mean; the last one's in a decoder)."
            )
        if self.own_code:
            notes.append(
                "The model names code of its own, which is never run here: transformers' own code "
                "for its type stands in for it. If its authors' attends, places or normalises in "
                "another way, their score may be any other; compare it with one of theirs."
            )
        return tuple(notes)


def declared(source: str, name: str, *, only_local: bool) -> Declared:
    """Reads and checks what a model's files say of it.

    Args:
        source: Its folder, or its name on the hub.
        name: What it is called, for errors.
        only_local: Don't ask the hub.

    Raises:
        ModelError: If it is no SentenceTransformer, its list of modules is broken or names classes
            from elsewhere, it tells its loader more than how to read texts, its adapters are not in
            a safetensors file, or its configuration has more blocks than its weights.
    """
    files = ModelFiles(source, name, only_local)
    listing = files.read("modules.json")
    if listing is None and files.read("config.json") is None:
        if not Path(source).is_dir():
            raise FileNotFoundError("it has no modules.json and no config.json")
        raise ModelError(
            f"The folder {name} is not a sentence-transformers model (it has no "
            "modules.json); give the folder that SentenceTransformer.save made."
        )
    modules = [("Transformer", "")] if listing is None else list(_modules(listing, files))
    types = [kind for kind, _ in modules]
    folders = tuple(
        folder for kind, folder in modules if kind.split(".")[-1].endswith("Transformer")
    )
    configs = tuple(files.read(within(folder, "config.json")) or {} for folder in folders)
    own = files.read("config_sentence_transformers.json") or {}
    cut = own.get("truncate_dim") if isinstance(own, dict) else False
    if cut is not None and (type(cut) is not int or cut == 0):
        raise files.broken("config_sentence_transformers.json")
    kind = _kind(name, own, types, configs)
    known = (*OWN_MODULES, *_PYLATE * (kind is MultiVectorEncoder))
    if listing is not None and not all(
        part.startswith("sentence_transformers.") or part in known for part in types
    ):
        raise own_code(name)
    check_told(files, modules)
    for part, folder in modules:
        if part.split(".")[-1] == "Dense":
            _check_size(files, folder)
    stored = [
        _checked_weights(files, folder, config)
        for folder, config in zip(folders, configs, strict=True)
    ]
    return Declared(
        modules=listing is not None,
        configs=configs,
        stored=next(filter(None, stored), None),
        kind=kind,
        adapters=adapters_of(files, folders),
    )


def _modules(listing: Any, files: ModelFiles) -> Iterator[tuple[str, str]]:
    """Type and folder of each module, those inside Routers included."""
    try:
        named = [(str(module["type"]), str(module["path"])) for module in listing]
    except (TypeError, KeyError) as error:
        raise files.broken("modules.json") from error
    if not named:
        raise files.broken("modules.json")
    for kind, folder in named:
        yield from _with_inside(kind, folder, files)


def _with_inside(
    kind: str, folder: str, files: ModelFiles, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """A module, and those inside where it is a Router, which may hold Routers."""
    yield kind, folder
    if kind.split(".")[-1] not in ("Router", "Asym"):
        return
    file = within(folder, "router_config.json")
    inside = files.read(file) or files.read(within(folder, "config.json"))
    try:
        named = [(str(own), within(folder, key)) for key, own in inside["types"].items()]
    except (TypeError, KeyError, AttributeError) as error:
        raise files.broken(file) from error
    if depth == _DEEPEST:
        raise files.broken(file)
    for own, place in named:
        yield from _with_inside(own, place, files, depth + 1)


def _kind(
    name: str, config: dict[str, Any], types: list[str], configs: tuple[dict[str, Any], ...]
) -> type[BaseModel]:
    """What loads a model: another class would load it as something that it is not."""
    architectures = [str(part) for own in configs for part in own.get("architectures") or ()]
    signs = [str(config.get("model_type")), *(kind.split(".")[-1] for kind in types)]
    kinds = [_SIGNS.get(sign, sign) for sign in (*signs, *architectures)]
    if not any(kind.startswith("sentence_transformers.") for kind in types) and any(
        part.endswith("ForSequenceClassification") for part in architectures
    ):
        kinds.append("CrossEncoder")
    if any(kind.startswith("pylate.") for kind in types):
        kinds.append("MultiVectorEncoder")
    own = next((_KINDS[kind] for kind in kinds if kind in _KINDS), SentenceTransformer)
    if own is None:
        raise ModelError(
            f"{name} is a CrossEncoder, which reads both texts at once instead of giving each an "
            "embedding; choose a SentenceTransformer, SparseEncoder or MultiVectorEncoder."
        )
    return own


def _checked_weights(files: ModelFiles, folder: str, config: dict[str, Any]) -> str | None:
    """The weights' precision; refuses a configuration with more blocks than they have."""
    paths = _weight_files(files, folder)
    if not paths:  # in a format whose refusal comes with loading
        return config.get("dtype") or config.get("torch_dtype")
    weights = [stored_weights(path) for path in paths]
    blocks = max(part.blocks for part in weights)
    asked = next((config[name] for name in _BLOCKS if name in config), None)
    # ALBERT's blocks share their weights
    most = max(blocks, _MOST_SHARED) if config.get("model_type") == "albert" else blocks
    if isinstance(asked, int) and asked > most:
        raise ModelError(
            f"{files.name} can't be loaded: its config.json asks for {asked} blocks, but its "
            f"weights are those of {blocks}; save or download it again."
        )
    return weights[0].dtype


def _check_size(files: ModelFiles, folder: str) -> None:
    """Refuses a linear map larger than its weights: it would be made before they are read."""
    path = files.path(within(folder, "model.safetensors"))
    config = files.read(within(folder, "config.json")) or {}
    sizes: list[Any] = [config.get(key) for key in ("in_features", "out_features")]
    if path is None or not all(type(size) is int for size in sizes):
        return
    held = stored_weights(Path(path)).numbers
    if prod(sizes) > held:
        raise ModelError(
            f"{files.name} can't be loaded: its {within(folder, 'config.json')} asks for "
            f"{sizes[0]} × {sizes[1]} weights, but {held} are there; save or download it again."
        )


def _weight_files(files: ModelFiles, folder: str) -> list[Path]:
    """Its safetensors file, or several that an index names."""
    names = ["model.safetensors"]
    if files.path(within(folder, names[0])) is None:
        index = within(folder, "model.safetensors.index.json")
        listed = files.read(index)
        try:
            names = sorted(set(listed["weight_map"].values())) if listed else []
            known = all(re.fullmatch(r"[\w.-]+\.safetensors", name) for name in names)
        except (TypeError, KeyError, AttributeError):
            known = False
        if not known:  # another folder's file, say
            raise files.broken(index)
    found = [files.path(within(folder, name)) for name in names]
    if None in found:
        raise ModelError(
            f"{files.name} lacks {names[found.index(None)]}; save or download it again."
        )
    return [Path(path) for path in found if path is not None]
