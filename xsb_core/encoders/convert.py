"""Weights in pickles, brought into safetensors once, on the user's word; no code in them is run."""

import pickle
import shutil
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from xsb_core.errors import ModelError, first_sentence

_PICKLES = "pytorch_model*.bin"
# What torch raises of a file that is no pickle of tensors.
_UNREADABLE = (
    *(pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, OSError),
    *(KeyError, ValueError),
)


def convert(source: Path, target: Path) -> Path:
    """Copies a model's folder with its weights in safetensors files.

    Pickles are read by torch's weights-only loading, which takes nothing but tensors.

    Args:
        source: The model's folder.
        target: The folder to make.

    Returns:
        ``target``.

    Raises:
        ModelError: If there is nothing to convert, ``target`` exists, or a file holds anything but
            weights.
    """
    pickles = sorted(source.rglob(_PICKLES)) if source.is_dir() else []
    if not pickles:
        raise ModelError(f"{source} is no folder with a pytorch_model.bin; name one that is.")
    if target.exists():
        raise ModelError(f"{target} exists already; name a new folder to convert to.")
    # read before anything is written; shards of one folder make one file
    found: dict[Path, dict[str, torch.Tensor]] = {}
    for file in pickles:
        if (file.parent / "model.safetensors").exists():
            raise ModelError(
                f"{file.parent} has a model.safetensors beside its {file.name}; there is nothing "
                "to convert: load it as it is, or take one of the two away."
            )
        found.setdefault(file.parent.relative_to(source), {}).update(_weights(file))
    pickled = shutil.ignore_patterns(_PICKLES, f"{_PICKLES}.index.json")
    try:
        shutil.copytree(source, target, ignore=pickled)
        for folder, weights in found.items():
            save_file(weights, target / folder / "model.safetensors", {"format": "pt"})
    except (OSError, shutil.Error, SafetensorError, ValueError) as error:
        shutil.rmtree(target, ignore_errors=True)  # a half would be taken for the whole
        raise ModelError(
            f"{source} can't be copied to {target} ({first_sentence(error)}); nothing was made."
        ) from error
    return target


def _plain(weights: object) -> bool:
    """Whether it is what a safetensors file can hold."""
    return isinstance(weights, torch.Tensor) and not (
        weights.is_meta or weights.is_quantized or weights.is_sparse
    )


def _weights(file: Path) -> dict[str, torch.Tensor]:
    try:
        held = torch.load(file, map_location="cpu", weights_only=True)
        # tied weights share memory, which safetensors files can't
        if not all(isinstance(name, str) and _plain(own) for name, own in held.items()):
            raise ValueError("it is no table of named weights")
        return {name: weights.clone().contiguous() for name, weights in held.items()}
    except _UNREADABLE as error:
        raise ModelError(
            f"{file} holds something else than weights and is not read "
            f"({first_sentence(error)}); ask its authors for a model.safetensors."
        ) from error
