"""Weights on disk, seen by their header; and whether a loaded model has got all of its own."""

import re
from collections import Counter
from math import prod
from pathlib import Path
from typing import NamedTuple

from safetensors import SafetensorError, safe_open
from torch import nn

from xsb_core.errors import ModelError

_PRECISIONS = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


class StoredWeights(NamedTuple):
    """What a weights file's header tells.

    Attributes:
        dtype: The precision that most numbers are kept in; None for one that torch has no name of.
        blocks: How many blocks' weights it may hold.
        numbers: How many numbers it holds.
    """

    dtype: str | None
    blocks: int
    numbers: int


def stored_weights(path: Path) -> StoredWeights:
    """Reads the header of a safetensors file; nothing that it describes is loaded.

    Raises:
        ModelError: If it is no such file.
    """
    sizes: Counter[str] = Counter()
    blocks = 0
    try:
        with safe_open(path, "pt") as file:
            for key in file.keys():  # noqa: SIM118 (no mapping)
                part = file.get_slice(key)
                sizes[part.get_dtype()] += prod(part.get_shape())
                blocks = max([blocks, *(int(number) + 1 for number in re.findall(r"\d+", key))])
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path} is no readable safetensors file, and other weight files are not loaded "
            "because they can run code; save or download it again."
        ) from error
    most = sizes.most_common(1)
    dtype = _PRECISIONS.get(most[0][0]) if most else None
    return StoredWeights(dtype, blocks, sizes.total())


def check_all_loaded(transformer: nn.Module, name: str, *, own_code: bool) -> None:
    """Refuses a transformer of which some weights were made up.

    Raises:
        ModelError: Saying why they may be missing.
    """
    # transformers marks what it read; a pooler is often missing, and never used
    if all(
        getattr(parameter, "_is_hf_initialized", False)
        for key, parameter in transformer.named_parameters()
        if "pooler." not in key and "lora_" not in key
    ):
        return
    why = (
        "they are made for code of its own, which is never run here; choose another model"
        if own_code
        else "save or download it again"
    )
    raise ModelError(f"{name} lacks some of its weights, which would be random numbers; {why}.")
