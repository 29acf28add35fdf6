"""Variants that are kept as low-rank adapters of a base model."""

import json
import warnings
from pathlib import Path

from safetensors import safe_open
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.model import BaseModel

from xsb_core.encoders.ready import VARIANTS
from xsb_core.encoders.replay import transformer_of
from xsb_core.encoders.training_record import TrainingRecord
from xsb_core.encoders.variants import as_variant
from xsb_core.errors import ModelError

WEIGHTS_FILE = "adapter_model.safetensors"


def adapter_base(folder: Path) -> str | None:
    """The base model that a folder's adapters belong to; None where it has no adapters.

    Raises:
        ModelError: If its adapters don't say.
    """
    config = folder / "adapter_config.json"
    if not config.is_file():
        return None
    try:
        return str(json.loads(config.read_bytes())["base_model_name_or_path"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder} can't be loaded: its adapter_config.json is broken; save the model again."
        ) from error


def adapted(base: BaseModel, folder: Path) -> SentenceTransformer:
    """Puts a folder's adapters into its base model, so that plain weights are left.

    Args:
        base: The base model, which is changed.
        folder: What ``train`` with LoRA made.

    Returns:
        The variant.

    Raises:
        ModelError: If the folder is not such a model.
    """
    # a slow import that other models do without
    from peft import PeftModel, get_peft_model_state_dict

    record = TrainingRecord.load(folder)
    if record is None or not record.finished:
        raise ModelError(
            f"{folder} holds adapters that were not trained to the end; train them to the end, or "
            "merge them into their base model and save that."
        )
    weights = _weights(folder)
    transformer = base[0]
    # peft uses what transformers is about to rename, and warns of what is checked below
    with warnings.catch_warnings(action="ignore"):
        adapters = PeftModel.from_pretrained(transformer_of(base), str(folder))
    # told nothing of embeddings, which are not adapted, peft would ask the hub about them
    expected = get_peft_model_state_dict(adapters, save_embedding_layers=False)
    _check_whole(weights, set(expected))
    transformer.model = adapters.merge_and_unload()
    return as_variant(base, VARIANTS[record.variant], record.scale)


def _check_kind(folder: Path) -> None:
    """Refuses adapters of a kind that is not merged here."""
    config = json.loads((folder / "adapter_config.json").read_bytes())
    told = [
        config.get("peft_type") not in (None, "LORA") and str(config["peft_type"]),
        config.get("use_dora") and "DoRA",
        config.get("bias") not in (None, "none") and "trained biases",
        config.get("modules_to_save") and "whole trained modules",
    ]
    if found := [part for part in told if part]:
        raise ModelError(
            f"{folder} holds adapters with {', '.join(found)}, and only plain LoRA is merged here; "
            "merge them into the base model with peft and save that."
        )


def merge_saved(model: BaseModel, folder: Path) -> None:
    """Puts adapters that sentence-transformers has loaded from a folder into the base's weights.

    Args:
        model: What was loaded, which is changed.
        folder: Where its adapters are.

    Raises:
        ModelError: If the adapters' weights are not whole, or not in a safetensors file.
    """
    # a slow import that other models do without
    from peft.tuners.tuners_utils import BaseTunerLayer

    _check_kind(folder)
    (adapter,) = model.active_adapters()
    names = [key for key, _ in transformer_of(model).named_parameters() if f".{adapter}." in key]
    expected = {f"base_model.model.{key.replace(f'.{adapter}.', '.')}" for key in names}
    _check_whole(_weights(folder), expected)
    for module in transformer_of(model).modules():
        if isinstance(module, BaseTunerLayer):
            module.merge()


def _weights(folder: Path) -> Path:
    weights = folder / WEIGHTS_FILE
    if not weights.is_file():  # peft would read a pickle instead
        raise ModelError(f"{folder} has no {WEIGHTS_FILE}; save or download it again.")
    return weights


def _check_whole(weights: Path, expected: set[str]) -> None:
    with safe_open(weights, "pt") as saved:
        if set(saved.keys()) != expected:  # random numbers are where a weight is missing
            raise ModelError(
                f"{weights} does not hold the weights that its adapter_config.json names; save or "
                "download it again."
            )
