"""``probe syntax``: relations of the strongest word pairs, or two trees with their links."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from xsb_core.cli.writing import check_file, writing

if TYPE_CHECKING:
    from xsb_core.studies.findings import Findings
    from xsb_core.syntax.parser import Parser
    from xsb_core.syntax.treebank import Treebank


def syntax(
    out: PairOut,
    results: Results = None,
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
    model: PairModels = None,
    layer: PairLayer = None,
    cells: Cells = "net",
    figure: Figure = None,
) -> None:
    """Count which syntactic relations a model's strongest word pairs have."""
    page = page_of("syntax", out, figure)
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
        findings = _relations(results, source, save_parses, share, cells, out)
    else:
        assert text_a is not None
        assert text_b is not None
        findings = _trees((text_a, text_b), source, one_or_two(model), layer, share, cells)
    write_findings(findings, out, "csv", page=page)


def _source(stanza: Path | None, conllu: Path | None) -> "Parser | Treebank":
    from xsb_core.syntax.parser import Parser
    from xsb_core.syntax.treebank import Treebank

    if stanza and conllu:
        raise ValueError("Parses come from Stanza or from a file; give one of --stanza, --conllu.")
    return Treebank.read(conllu) if conllu else Parser(stanza)


def _relations(
    paths: list[Path],
    source: "Parser | Treebank",
    save_parses: Path | None,
    share: float,
    cells: str,
    out: Path,
) -> "Findings":
    from xsb_core.studies.gathered import results_by_model
    from xsb_core.studies.syntax.word_pairs import (
        gather_word_pairs,
        parse_results,
        relation_findings,
    )
    from xsb_core.syntax.treebank import Treebank

    by_model = {name: list(own.values()) for name, own in results_by_model(paths).items()}
    if isinstance(source, Treebank):
        treebank = source
    else:
        every = [one for sets in by_model.values() for one in sets]
        with bar("parsing") as progress:
            treebank = parse_results(every, source, progress=progress, keep=save_parses)
    gathered = []
    for name, sets in by_model.items():
        with bar(f"word pairs of {name}") as progress:
            one = gather_word_pairs(sets, treebank, share=share, progress=progress, cells=cells)
        write_gathered(one, out)
        gathered.append(one)
    return relation_findings(gathered)


def _trees(
    texts: tuple[str, str],
    source: "Parser | Treebank",
    models: Sequence[str],
    layer: int | None,
    share: float,
    cells: str,
) -> "Findings":
    from xsb_core.attribution.attribute import attribute
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.errors import about_text
    from xsb_core.studies.syntax.word_links import top_links, tree_findings, word_cells

    trees = []
    for name, text in zip("AB", texts, strict=True):
        with about_text(name):
            trees.append(source.tree(text))
    links = {}
    for name in models:
        result = attribute(load_encoder(name), *texts, layer)
        links[name] = top_links(word_cells(result, *trees, cells=cells), *trees, share=share)
    return tree_findings(texts, trees, links, source.name)
