"""Variants that are kept as low-rank adapters of a base model."""

import json
import warnings
from pathlib import Path

from sentence_transformers import SentenceTransformer

from xsb_core.errors import ModelError
from xsb_core.training_record import TrainingRecord
from xsb_core.variants import VARIANTS, as_variant


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


def adapted(base: SentenceTransformer, folder: Path) -> SentenceTransformer:
    """Puts a folder's adapters into its base model, so that plain weights are left.

    Args:
        base: The base model, which is changed.
        folder: What ``train`` with LoRA made.

    Returns:
        The variant.

    Raises:
        ModelError: If the folder is not such a model.
    """
    from peft import PeftModel  # a slow import that other models do without

    record = TrainingRecord.load(folder)
    if record is None or not record.finished:
        raise ModelError(
            f"{folder} holds adapters that were not trained by xsb_core, or not to the end; merge "
            "them into their base model and save that."
        )
    transformer = base[0]
    with warnings.catch_warnings():  # peft uses what transformers is about to rename
        warnings.simplefilter("ignore", FutureWarning)
        adapters = PeftModel.from_pretrained(transformer.model, str(folder))
    transformer.model = adapters.merge_and_unload()
    return as_variant(base, VARIANTS[record.variant], record.scale)
