"""``convert``: a model whose weights are pickles, into one that is loaded."""

from pathlib import Path
from typing import Annotated

import typer


def convert(
    folder: Annotated[Path, typer.Argument(help="The model's folder, with a pytorch_model.bin.")],
    out: Annotated[Path, typer.Argument(help="Folder to make.")],
) -> None:
    """Bring a model's pytorch_model.bin into safetensors; no code in it is run."""
    from xsb_core.encoders.convert import convert as run

    print(f"{run(folder, out)}: converted; give it as --model.")
