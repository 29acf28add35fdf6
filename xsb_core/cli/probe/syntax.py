"""``probe syntax``: relations of the strongest word pairs, or two trees with their links."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsb_core.attribution.numerals import signed
from xsb_core.cli.probe.bar import bar
from xsb_core.cli.probe.output import write_figure, write_model_study, write_table
from xsb_core.cli.writing import check_file, check_folder, writing

if TYPE_CHECKING:
    from xsb_core.syntax.parser import Parser
    from xsb_core.syntax.treebank import Treebank

FIGURE = "syntax.html"


def syntax(
    out: Annotated[Path, typer.Option(help="Folder for data and figure; made where it lacks.")],
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Results of 'batch', one or several of each model; without any, the two texts "
            "below are parsed.",
        ),
    ] = None,
    stanza: Annotated[
        Path | None,
        typer.Option(help="Folder with Stanza's English models; default where it downloads to."),
    ] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Let Stanza download its English models first.")
    ] = False,
    conllu: Annotated[
        Path | None, typer.Option(help="CoNLL-U file with parses of the texts, in place of Stanza.")
    ] = None,
    save_parses: Annotated[
        Path | None, typer.Option(help="For results: a CoNLL-U file to keep Stanza's parses in.")
    ] = None,
    share: Annotated[float, typer.Option(help="Part of a pair's word cells to take.")] = 0.1,
    text_a: Annotated[str | None, typer.Option(help="First text.")] = None,
    text_b: Annotated[str | None, typer.Option(help="Second text.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="For two texts: one model or two; default shelf and exact."),
    ] = None,
    layer: Annotated[
        int | None, typer.Option(help="For two texts: default three quarters up.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help=f"File for the figure; default {FIGURE} in the folder.")
    ] = None,
) -> None:
    """Count which syntactic relations a model's strongest word pairs have."""
    path = figure or out / FIGURE
    check_folder(out)
    check_file(path, "--figure")
    if not 0 < share <= 1:
        raise ValueError(f"--share is a part of all cells, above 0 and at most 1; got {share}.")
    if not results and not (text_a and text_b):
        raise ValueError("Give results of 'batch', or two texts by --text-a and --text-b.")
    if download:
        from xsb_core.syntax.parser import download as fetch

        with bar("Stanza's English models") as progress:
            fetch(progress)
    source = _source(stanza, conllu)
    if save_parses:
        check_file(save_parses, "--save-parses")
        with writing(save_parses, "--save-parses"):
            save_parses.parent.mkdir(parents=True, exist_ok=True)
    if results:
        title, sentences, figures = _study(results, source, save_parses, share, out)
    else:
        models = model or ["shelf", "exact"]
        title, sentences, figures = _pair((text_a, text_b), source, models, layer, share, out)
    write_figure(path, out, title, sentences, figures)


def _source(stanza: Path | None, conllu: Path | None) -> "Parser | Treebank":
    from xsb_core.syntax.parser import Parser
    from xsb_core.syntax.treebank import Treebank

    if stanza and conllu:
        raise ValueError("Parses come from Stanza or from a file; give one of --stanza, --conllu.")
    return Treebank.read(conllu) if conllu else Parser(stanza)


def _study(
    paths: list[Path],
    source: "Parser | Treebank",
    save_parses: Path | None,
    share: float,
    out: Path,
) -> tuple[str, list[str], dict]:
    import pandas as pd

    from xsb_core.figures.syntax import frequency_figure
    from xsb_core.studies.likeness import unlike_notes
    from xsb_core.studies.results_by_model import results_by_model
    from xsb_core.studies.syntax.parses import parse_results
    from xsb_core.studies.syntax.relations import (
        agreement_sentence,
        frequencies,
        frequency_agreement,
        syntax_sentence,
        syntax_study,
    )
    from xsb_core.syntax.treebank import Treebank

    by_model = {name: list(own.values()) for name, own in results_by_model(paths).items()}
    treebank = source
    if not isinstance(source, Treebank):
        every = [one for sets in by_model.values() for one in sets]
        with bar("parsing") as progress:
            treebank = parse_results(every, source, progress=progress, keep=save_parses)
    studies = []
    for name, sets in by_model.items():
        with bar(f"word pairs of {name}") as progress:
            study = syntax_study(sets, treebank, share=share, progress=progress)
        write_model_study(out, name, study)
        studies.append(study)
    sentences = list(map(syntax_sentence, studies))
    tables = {study.model: frequencies(study) for study in studies}
    if len(studies) == 2:
        agreed = frequency_agreement(*studies)
        sentences += [agreement_sentence(agreed), *unlike_notes(*studies)]
        figures = {"Relations": frequency_figure(agreed.relations, *tables)}
    else:
        figures = {
            f"Relations in {name}": frequency_figure(table, name) for name, table in tables.items()
        }
    rows = pd.concat([table.assign(model=name) for name, table in tables.items()])
    write_table(out, "syntax", rows)
    return "Syntax: relations of the strongest word pairs", sentences, figures


def _pair(
    texts: tuple[str, str],
    source: "Parser | Treebank",
    models: list[str],
    layer: int | None,
    share: float,
    out: Path,
) -> tuple[str, list[str], dict]:
    import pandas as pd

    from xsb_core.attribution.pair import attribute
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.errors import about_text
    from xsb_core.figures.trees import trees_figure
    from xsb_core.studies.syntax.word_links import link_table, top_links, word_cells

    if len(models) > 2:
        raise ValueError(f"One model or two can stand side by side; got {len(models)}.")
    trees = []
    for name, text in zip("AB", texts, strict=True):
        with about_text(name):
            trees.append(source.tree(text))
    tables, figures = [], {}
    for name in models:
        result = attribute(load_encoder(name), *texts, layer)
        links = top_links(word_cells(result, *trees), *trees, share)
        tables.append(link_table(links, *trees).assign(model=name))
        figures[f"Strongest word pairs of {name}"] = trees_figure(*trees, links, name)
    rows = pd.concat(tables)
    write_table(out, "links", rows)
    sentences = [f"A: {texts[0]}", f"B: {texts[1]}", f"Parsed by {source.name}."]
    sentences += [
        f"{row.model}: ‹{row.word_a}› – ‹{row.word_b}›, {row.relation}, {signed(row.value)}"
        for row in rows.itertuples()
    ]
    return "Syntax: two trees and their strongest word pairs", sentences, figures
