"""``probe lexical``: tokens ranked by their same-token cells, or fillers of two templates."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsb_core.attribution.numerals import signed
from xsb_core.cli.probe.bar import bar
from xsb_core.cli.probe.output import write_figure, write_model_study, write_table
from xsb_core.cli.writing import check_file, check_folder

if TYPE_CHECKING:
    from xsb_core.attribution.result import Attribution
    from xsb_core.encoders.encoder import Encoder

FIGURE = "lexical.html"


def lexical(
    out: Annotated[Path, typer.Option(help="Folder for data and figure; made where it lacks.")],
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Results of 'batch', one or several of each model; without any, the templates "
            "below are filled in.",
        ),
    ] = None,
    least: Annotated[int, typer.Option(help="Cells that a token needs to be ranked.")] = 30,
    template_a: Annotated[
        str | None, typer.Option(help="First sentence, with an X; default the paper's example.")
    ] = None,
    template_b: Annotated[str | None, typer.Option(help="Second sentence, with an X.")] = None,
    filler: Annotated[
        list[str] | None, typer.Option(help="What to put in for X; give it once for each.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="For templates: one model or two; default shelf and exact."),
    ] = None,
    layer: Annotated[
        int | None, typer.Option(help="For templates: default three quarters up.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help=f"File for the figure; default {FIGURE} in the folder.")
    ] = None,
) -> None:
    """Rank tokens by what a model gives them wherever they stand in both texts."""
    path = figure or out / FIGURE
    check_folder(out)
    check_file(path, "--figure")
    if results:
        title, sentences, figures = _study(results, least, out)
    else:
        title, sentences, figures = _templates(
            template_a, template_b, filler, model or ["shelf", "exact"], layer, out
        )
    write_figure(path, out, title, sentences, figures)


def _study(paths: list[Path], least: int, out: Path) -> tuple[str, list[str], dict]:
    import pandas as pd

    from xsb_core.figures.lexical import density_figure, rank_figure, ranking_figure
    from xsb_core.studies.lexical.ranking import (
        rank_agreement,
        rank_sentence,
        ranking,
        study_sentence,
    )
    from xsb_core.studies.lexical.same_tokens import lexical_study
    from xsb_core.studies.likeness import unlike_notes
    from xsb_core.studies.results_by_model import results_by_model

    by_model = {name: list(own.values()) for name, own in results_by_model(paths).items()}
    studies, sentences, figures, tables = [], [], {}, []
    for name, sets in by_model.items():
        with bar(f"cells of {name}") as progress:
            study = lexical_study(sets, progress)
        ranked = ranking(study, least)
        write_model_study(out, name, study)
        studies.append(study)
        sentences.append(study_sentence(study, least))
        figures[f"{name}: highest and lowest means"] = ranking_figure(ranked, name)
        figures[f"{name}: densities of the highest means"] = density_figure(ranked, name)
        columns = ["rank", "token", "count", "mean", "deviation"]
        tables.append(ranked[columns].assign(model=name))
    if len(studies) == 2:
        agreed = rank_agreement(*studies, least)
        first, second = by_model
        sentences += [rank_sentence(agreed, first, second), *unlike_notes(*studies)]
        figures["Ranks in both models"] = rank_figure(agreed, first, second)
    write_table(out, "lexical", pd.concat(tables))
    return "Lexical bias: same-token cells", sentences, figures


def _templates(
    template_a: str | None,
    template_b: str | None,
    fillers: list[str] | None,
    models: list[str],
    layer: int | None,
    out: Path,
) -> tuple[str, list[str], dict]:
    import pandas as pd

    from xsb_core.encoders.loading import load_encoder
    from xsb_core.figures.lexical import filler_figure
    from xsb_core.studies.lexical.template import EXAMPLE, EXAMPLE_FILLERS, fill, filled_table

    if len(models) > 2:
        raise ValueError(f"One model or two can stand side by side; got {len(models)}.")
    templates = [
        given or usual for given, usual in zip((template_a, template_b), EXAMPLE, strict=True)
    ]
    words = fillers or list(EXAMPLE_FILLERS)
    tables = {}
    for name in models:
        explain = partial(_explain, load_encoder(name), layer)
        made = []
        with bar(f"fillers in {name}") as progress:
            for one in fill(explain, *templates, words):
                made.append(one)
                progress(len(made) / len(words))
        tables[name] = filled_table(made)
    rows = pd.concat([table.assign(model=name) for name, table in tables.items()])
    write_table(out, "template", rows)
    sentences = [f"A: {templates[0]}", f"B: {templates[1]}"]
    sentences += [
        f"{row.model}, ‹{row.filler}›: score {signed(row.score)}, X–X cell {signed(row.cell)} (sum "
        f"{signed(row.total)})"
        for row in rows.itertuples()
    ]
    return "Lexical bias: one slot, several words", sentences, {"Fillers": filler_figure(tables)}


def _explain(encoder: "Encoder", layer: int | None, text_a: str, text_b: str) -> "Attribution":
    from xsb_core.attribution.pair import attribute

    return attribute(encoder, text_a, text_b, layer)
