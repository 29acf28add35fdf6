"""``probe lexical``: tokens ranked by their same-token cells, or fillers of two templates."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from xsb_core.cli.findings import write_findings, write_gathered
from xsb_core.cli.options import Cells
from xsb_core.cli.probe.options import (
    Figure,
    PairLayer,
    PairModels,
    PairOut,
    Results,
    bar,
    one_or_two,
    page_of,
)


def lexical(
    out: PairOut,
    results: Results = None,
    least: Annotated[int, typer.Option(help="Cells that a token needs to be ranked.")] = 30,
    template_a: Annotated[
        str | None, typer.Option(help="First sentence, with an X; default the paper's example.")
    ] = None,
    template_b: Annotated[str | None, typer.Option(help="Second sentence, with an X.")] = None,
    filler: Annotated[
        list[str] | None, typer.Option(help="What to put in for X; give it once for each.")
    ] = None,
    model: PairModels = None,
    layer: PairLayer = None,
    cells: Cells = "net",
    figure: Figure = None,
) -> None:
    """Rank tokens by what a model gives them wherever they stand in both texts."""
    page = page_of("lexical", out, figure)
    if not results:
        _templates((template_a, template_b), filler, model, layer, cells, out, page)
        return
    from xsb_core.studies.gathered import results_by_model
    from xsb_core.studies.lexical.ranking import lexical_findings, ranking
    from xsb_core.studies.lexical.same_tokens import gather_token_cells

    gathered = []
    for name, sets in results_by_model(results).items():
        with bar(f"cells of {name}") as progress:
            one = gather_token_cells(list(sets.values()), progress, cells)
        ranking(one, least)  # refuses too few cells before anything is written
        write_gathered(one, out)
        gathered.append(one)
    write_findings(lexical_findings(gathered, least), out, "csv", page=page)


def _templates(
    given: tuple[str | None, str | None],
    fillers: list[str] | None,
    models: list[str] | None,
    layer: int | None,
    cells: str,
    out: Path,
    page: Path,
) -> None:
    from xsb_core.attribution.attribute import attribute_pairs
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.studies.lexical.template import (
        EXAMPLE,
        EXAMPLE_FILLERS,
        fill,
        template_findings,
    )

    templates = [own or usual for own, usual in zip(given, EXAMPLE, strict=True)]
    words = fillers or list(EXAMPLE_FILLERS)
    filled = {}
    for name in one_or_two(models):
        encoder = load_encoder(name)
        with bar(f"fillers in {name}") as progress:
            explain = partial(
                attribute_pairs, encoder, recipe=Recipe(layer=layer), progress=progress
            )
            filled[name] = list(fill(explain, *templates, fillers=words, cells=cells))
    write_findings(template_findings(templates, filled), out, "csv", page=page)
