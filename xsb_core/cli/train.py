"""``train``: fine-tune a variant of a base model."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from xsb_core.cli.interrupted import resumable


def train(
    variant: Annotated[
        str,
        typer.Option(
            help="exact (shifted, cosine), tuned (cosine only) or orig (shifted, dot product)."
        ),
    ],
    output: Annotated[
        Path, typer.Option(help="Folder to make; one of an interrupted run is resumed.")
    ],
    base: Annotated[
        str | None,
        typer.Option(help="Hub id or local folder; without it, the embedded all-MiniLM-L6-v2."),
    ] = None,
    data: Annotated[
        str,
        typer.Option(
            help="stsb; a folder with a train, a dev and a test CSV; or one CSV of two texts and a "
            "score, of which a tenth each is held out as dev and test."
        ),
    ] = "stsb",
    top_score: Annotated[float, typer.Option(help="Highest possible score in the CSVs.")] = 5.0,
    lora: Annotated[
        bool, typer.Option("--lora", help="Train low-rank adapters (a few MB) only.")
    ] = False,
    epochs: Annotated[int, typer.Option(help="Passes over the training pairs.")] = 5,
    batch_size: Annotated[int, typer.Option(help="Pairs a step.")] = 16,
    learning_rate: Annotated[
        float | None, typer.Option(help="Default 2e-5, with --lora 3e-4.")
    ] = None,
    weight_decay: Annotated[float, typer.Option(help="Of AdamW.")] = 0.1,
    warmup: Annotated[float, typer.Option(help="Share of the steps.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 42,
) -> None:
    """Fine-tune a base model on scored pairs, so that its attributions can be exact."""
    from xsb_core.cli.training_bar import TrainingBar
    from xsb_core.encoders.training_record import TrainingSettings
    from xsb_core.tables.files import room_on
    from xsb_core.training.data import load_splits
    from xsb_core.training.run import train as run

    settings = TrainingSettings(lora, epochs, batch_size, learning_rate, weight_decay, warmup, seed)
    splits = load_splits(data, top_score)
    with (
        resumable(output),
        room_on(output, "the last checkpoint is kept; give the command again"),
        TrainingBar() as bar,
    ):
        record = run(variant, splits, output, base, settings, bar)
    print(
        f"{output}: Spearman {record.test:.2f} on {record.pairs[2]} test pairs, "
        f"{max(record.dev):.2f} on dev, in {record.seconds / 60:.1f} minutes. "
        f"Try: xsb explain --model {shlex.quote(str(output))} 'TEXT A' 'TEXT B'"
    )
