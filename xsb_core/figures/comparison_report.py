"""One self-contained HTML page for a comparison of two models on one pair."""

import dataclasses
from collections.abc import Callable, Iterable

from xsb_core.attribution.cells import Look
from xsb_core.attribution.result import Attribution
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.models import Comparison
from xsb_core.comparison.verdict import agreement_verdict, notes, sums_sentences
from xsb_core.figures.heatmap import difference_heatmap, heatmap
from xsb_core.figures.html import document, figure_part, number, safe, table, text_part
from xsb_core.figures.report import account_rows, error_rows, reference_rows, setting_rows
from xsb_core.figures.style import TITLE_UNITS, color_limit, shorten
from xsb_core.figures.waterfall import waterfall, waterfall_range

_HEADS = ("", "Model 1", "Model 2")


def comparison_report(
    comparison: Comparison, look: Look = Look(), *, one_range: bool = True
) -> str:
    """Makes one HTML page of a comparison: both models' figures, the difference, the accounts.

    Args:
        comparison: From ``compare``.
        look: What is shown; words are those of the comparison.
        one_range: Whether both heatmaps, and both accounts, have one range.

    Returns:
        The page's source, to be saved as UTF-8; it needs no network.

    Examples:
        >>> comparison_report(compare(result, other))[:15]
        '<!DOCTYPE html>'
    """
    results = (comparison.first, comparison.second)
    cells = (comparison.first_cells, comparison.second_cells)
    limit = color_limit(*cells, look=look) if one_range else None
    shown = look if one_range else dataclasses.replace(look, stretch=True)
    reach = waterfall_range(*results, special=look.special) if one_range else None
    parts = [
        f"<h1>{safe(results[0].model)} and {safe(results[1].model)} on one pair</h1>",
        *_texts(*results),
        '<p class="score">Predicted similarities: '
        f"<strong>{number(results[0].score)}</strong> (model 1, {safe(results[0].model)}) and "
        f"<strong>{number(results[1].score)}</strong> (model 2, {safe(results[1].model)})</p>",
        "<h2>Agreement</h2>",
        *_paragraphs(
            [
                agreement_verdict(agreement(*cells, look)),
                sums_sentences(*results, look),
                *notes(comparison),
            ]
        ),
        "<h2>Token pairs</h2>",
    ]
    for at, result in enumerate(cells, 1):
        title = shorten(f"Model {at}: {result.model}", TITLE_UNITS)
        figure = heatmap(result, shown, limit=limit, title=title)
        parts.append(figure_part(figure, f"heatmap_{at}", f"Heatmap of model {at}"))
    title = "Difference: model 2 minus model 1"
    figure = difference_heatmap(*cells, look, title=title)
    parts += [figure_part(figure, "difference", title), "<h2>How the scores add up</h2>"]
    for at, result in enumerate(results, 1):
        figure = waterfall(result, special=look.special, reach=reach)
        parts.append(f"<p>Model {at}: {safe(result.model)}</p>")
        parts.append(figure_part(figure, f"waterfall_{at}", f"Account of model {at}"))
    parts += [
        '<div class="tables">',
        _table_of_both(
            "Account",
            lambda result: [
                *account_rows(result, special=look.special),
                ("Prediction", number(result.score)),
            ],
            results,
        ),
        _table_of_both("Similarities with references", reference_rows, results),
        _table_of_both("Error", error_rows, results),
        _table_of_both("Settings", setting_rows, results),
        _table_of_both("Versions", lambda result: result.versions.items(), results),
        "</div>",
    ]
    return document(f"{results[0].model} and {results[1].model}", parts)


def _texts(first: Attribution, second: Attribution) -> list[str]:
    """The texts, as each model reads them where that is not the same."""
    parts = []
    for name, one, other in (("A", first.a, second.a), ("B", first.b, second.b)):
        if (one.prompt, one.read) == (other.prompt, other.read):
            parts.append(text_part(f"Text {name}", one))
        else:
            parts.append(text_part(f"Text {name}, as model 1 reads it", one))
            parts.append(text_part(f"Text {name}, as model 2 reads it", other))
    return parts


def _paragraphs(sentences: Iterable[str]) -> list[str]:
    return [f'<p class="note">{safe(sentence)}</p>' for sentence in sentences]


def _table_of_both(
    caption: str,
    rows_of: Callable[[Attribution], Iterable[tuple[str, str]]],
    results: tuple[Attribution, Attribution],
) -> str:
    """A table with a column for each model."""
    first, second = (dict(rows_of(result)) for result in results)
    return table(caption, [_HEADS, *((name, first[name], second[name]) for name in first)])
