"""What a run is going to do, before it starts: the manifest that its folder begins with."""

import hashlib
import json
from importlib.metadata import version

import torch

from xsb_core.attribution.attribute import Instructions
from xsb_core.attribution.recipe import Recipe
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.schema import Shared
from xsb_core.encoders.encoder import Encoder
from xsb_core.tables.reading import PairSource

# Whose versions results depend on.
LIBRARIES = ("torch", "transformers", "sentence-transformers")


def plan(
    encoder: Encoder,
    recipe: Recipe,
    source: PairSource,
    prompts: tuple[str | None, str | None],
    hows: Instructions,
    part_rows: int,
    started: str,
) -> Manifest:
    """The manifest of a run before its start."""
    assert recipe.layer is not None  # it is resolved
    shared: Shared = {
        "model": encoder.name,
        "revision": encoder.revision,
        "blocks": encoder.blocks,
        "shifted": encoder.shifted,
        "similarity": encoder.similarity,
        "layer": recipe.layer,
        "cosine": recipe.cosine,
        "quadrature": recipe.quadrature,
        "tolerance": recipe.tolerance,
        "steps": recipe.steps,
        "work_limit": recipe.work_limit,
        "kind": encoder.kind,
        "stored": encoder.stored,
        "notes": encoder.notes,
        "task_a": hows[0].task,
        "task_b": hows[1].task,
        "dtype": str(encoder.dtype).removeprefix("torch."),
        "versions": {name: version(name) for name in LIBRARIES},
    }
    return Manifest(
        shared=shared,
        weights=weights_hash(encoder),
        reading=reading_of(encoder, hows),
        prompts=prompts,
        input=source.name,
        fingerprint=source.fingerprint,
        encoding=source.encoding,
        columns=source.columns,
        part_rows=part_rows,
        started=started,
    )


def weights_hash(encoder: Encoder) -> str:
    """The same name may stand for other weights tomorrow: a folder that was trained again."""
    digest = hashlib.sha256()
    for name, weights in sorted(encoder.model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
    return digest.hexdigest()[:16]


def reading_of(encoder: Encoder, hows: Instructions) -> dict[str, str]:
    """What the same weights, or the same name of a prompt, leave open; by name, as JSON."""
    texts = {
        f"the text of the prompt for {side}": json.dumps(how.prompt, ensure_ascii=False)
        for side, how in zip("AB", hows, strict=True)
    }
    return encoder.settings | texts
