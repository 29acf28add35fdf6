"""``probe negation``: what *not* adds to the similarity of a sentence to itself without it."""

from pathlib import Path
from typing import Annotated

import typer

from xsb_core.attribution.numerals import counted
from xsb_core.cli.findings import write_findings, write_shipped
from xsb_core.cli.options import Cosine, Encoding, Layer, Tolerance
from xsb_core.cli.probe.options import DEFAULT_MODELS, Models, Out, Study, each_encoder
from xsb_core.cli.writing import check_file, check_folder


def negation(
    texts: Annotated[
        Path,
        typer.Argument(help="A .csv, .tsv, .jsonl, .ndjson or .parquet file with texts."),
    ],
    out: Out = Path("negation"),
    model: Models = None,
    layer: Layer = None,
    rule: Annotated[
        str,
        typer.Option(
            help="Which sentences: plain, those with one not in small letters between spaces, as "
            "in the paper; any, those with one not, n't or cannot; or words, those with one of "
            "these or of a list of words such as never and no."
        ),
    ] = "plain",
    words: Annotated[
        str,
        typer.Option(
            help="More words for the rule words, with commas between, each with what stands in its "
            "place: kein, nie=immer."
        ),
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help="A column to read; may be given more than once. Default: all of texts."),
    ] = None,
    encoding: Encoding = None,
    cosine: Cosine = None,
    tolerance: Tolerance = 1e-3,
    study: Study = None,
) -> None:
    """Measure what negations add to scores, over all sentences of a file that have one."""
    import pandas as pd

    from xsb_core.attribution.recipe import Recipe
    from xsb_core.studies.negation.findings import (
        left_out_sentence,
        negation_findings,
        without_texts,
    )
    from xsb_core.studies.negation.negations import WORDS, more_words
    from xsb_core.studies.negation.sentences import RULES, measure_negations, negation_cases
    from xsb_core.tables.texts import open_texts

    check_folder(out)
    if study:
        check_file(study, "--study")
    source = open_texts(texts, columns=column, encoding=encoding)
    cases = negation_cases(source.texts(), rule, WORDS | more_words(words))
    of = f"{', '.join(source.columns)} in {source.name}: {RULES[rule]}"
    tables, notes = [], [f"{counted(len(cases), 'sentence')} of {of}."]
    recipe = Recipe(layer=layer, cosine=cosine, tolerance=tolerance)
    for encoder, progress in each_encoder(model or DEFAULT_MODELS):
        left_out = []
        tables.append(
            measure_negations(
                encoder,
                cases,
                recipe,
                progress=progress,
                leave_out=lambda case, why, told=left_out: told.append((case, why)),
            )
        )
        if left_out:
            notes.append(left_out_sentence(encoder.name, left_out))
    table = pd.concat(tables, ignore_index=True)
    write_findings(negation_findings(table, notes), out, "csv", "json")
    if study:
        write_shipped(without_texts(table), study)
