"""The model card of a trained variant."""

import json

from xsb_core.encoders.ready import VARIANTS
from xsb_core.encoders.training_record import LORA_RANK, TrainingRecord


def model_card(record: TrainingRecord, name: str) -> str:
    """A README for the model's folder: what it is, how to load it, data, settings, figures.

    Args:
        record: The finished run.
        name: What to call the model.

    Returns:
        Markdown with the hub's metadata in front.
    """
    kind, settings = VARIANTS[record.variant], record.settings
    weights = "all weights"
    if settings.lora:
        weights = f"LoRA adapters of rank {LORA_RANK}, which are loaded into the base model"
    shift = (
        "Token embeddings are shifted by those of a reference of the text's own length (special "
        "tokens with padding between them), so that attributions add up to the score exactly."
        if kind.shift
        else "The architecture is that of the base model, so that attributions are approximate."
    )
    # since version 6, sentence-transformers asks before it imports a class that is not its own
    trust = ", trust_remote_code=True" if kind.shift else ""
    needs = "  # with xsb_core installed, which the shift is part of" if kind.shift else ""
    dev = ", ".join(f"{value:.2f}" for value in record.dev)
    return f"""---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
base_model: {json.dumps(record.base)}
tags: [sentence-transformers, sentence-similarity, xsb-explorer]
---

# {name}: the {record.variant} variant of {record.base}

{shift} Similarity: {kind.similarity}. The variant is one of the four of Möller, Nikolaev and Padó
(EACL 2024).

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("{name}"{trust}){needs}
```

or, to explain its similarities, `xsb_core.load_encoder("{name}")`.

## Training

- Data: {record.data}; {record.pairs[0]} pairs to train on, {record.pairs[1]} for development,
  {record.pairs[2]} to test on.
- Trained: {weights}; with the mean squared error between similarity and score, scores in [0, 1].
- Settings: {settings.epochs} epochs, batch size {settings.batch_size}, AdamW with weight decay
  {settings.weight_decay:g}, learning rate {settings.learning_rate:g} after a warm-up over
  {settings.warmup:.0%} of the steps, falling linearly; seed {settings.seed}.
- Time: {record.seconds / 60:.1f} minutes.
- Libraries: {", ".join(f"{library} {number}" for library, number in record.versions.items())}.

## Figures

Spearman correlation × 100: {dev or "none"} on the development pairs, epoch by epoch, the best of
which was kept; **{record.test:.2f}** on the test pairs.
"""
