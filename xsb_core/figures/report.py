"""One self-contained HTML page for a result, to keep or to send."""

from xsb_core.attribution.account import account
from xsb_core.attribution.cells import Look
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.html import document, figure_part, number, safe, table, text_part
from xsb_core.figures.waterfall import waterfall

_REFERENCE = (
    "A text's reference is as long as the text, with padding in place of its words; attribution "
    "measures from there. The bars that name a reference are the score's part that comes from it."
)
_NORMALISATION = {
    "through": "through: attributed with the rest",
    "endpoint": "endpoint: cells divided by both norms",
    None: "none",
}


def html_report(result: Attribution, look: Look = Look()) -> str:
    """Makes one HTML page of a result: figures, account, error, settings; it needs no network.

    Args:
        result: A pair's attribution.
        look: What of it is shown.

    Returns:
        The page's source, to be saved as UTF-8.

    Examples:
        >>> html_report(result)[:15]
        '<!DOCTYPE html>'
    """
    result = look.of(result)
    # Word means do not hold the special tokens' sums: their account keeps them in.
    special_in_account = look.special or result.words == "mean"
    parts = [
        f"<h1>Why {safe(result.model)} finds these texts as similar as it does</h1>",
        text_part("Text A", result.a),
        text_part("Text B", result.b),
        f'<p class="score">Predicted similarity ({safe(result.similarity)}): '
        f"<strong>{number(result.score)}</strong></p>",
        _warning(result),
        "<h2>Token pairs</h2>",
        f'<p class="note">{_reading(result, look)}</p>',
        figure_part(heatmap(result, look), "heatmap", "Attribution heatmap"),
        "<h2>How the score adds up</h2>",
        f'<p class="note">{_REFERENCE}</p>' if result.kind == "dense" else "",
        figure_part(
            waterfall(result, special=special_in_account), "waterfall", "Account of the score"
        ),
        '<div class="tables">',
        _account_table(result, special=special_in_account),
        *(
            [table("Similarities with references", reference_rows(result))]
            if result.kind == "dense"
            else []
        ),
        *([table("Shared terms", term_rows(result), numbers=True)] if result.terms else []),
        table("Error", error_rows(result)),
        table("Settings", setting_rows(result)),
        table("Versions", result.versions.items()),
        "</div>",
    ]
    return document(f"Similarity {number(result.score)}: {result.model}", parts)


def _warning(result: Attribution) -> str:
    if result.converged:
        return ""
    return (
        '<p class="warning">The attribution has not converged: its error (see below) is above '
        "the tolerance.</p>"
    )


def _reading(result: Attribution, look: Look) -> str:
    """How to read the heatmap."""
    what = "words" if result.words else "tokens"
    sentences = [
        f"Rows are text A's {what}, columns text B's. A red cell raises the score, a blue one "
        "lowers it. Point at a cell for its value."
    ]
    if result.words:
        sentences.append(f"Each cell is the {result.words} of its tokens' cells.")
    if not look.special:
        sentences.append("Special tokens are not shown.")
    if look.cells == "net":
        sentences.append(
            "The part of the references is shared out among the tokens by their size, so all cells"
            f"{' of tokens' if result.words == 'mean' else ''} together are the score."
        )
    else:
        sentences.append(
            "The row and the column set apart are the pairs with the other text's reference; "
            "their colours stop at the scale's ends."
        )
    return " ".join(sentences)


def _account_table(result: Attribution, *, special: bool) -> str:
    total = ("Prediction", number(result.score))
    return table("Account", account_rows(result, special=special), total=total, numbers=True)


def account_rows(result: Attribution, *, special: bool) -> list[tuple[str, str]]:
    """The account's lines and their values."""
    return [(line.label, signed(line.value)) for line in account(result, special=special)]


def reference_rows(result: Attribution) -> list[tuple[str, str]]:
    """The similarities that involve a reference."""
    terms = result.reference_terms
    return [
        ("Text A and B's reference", number(terms.a_rb)),
        ("Text B and A's reference", number(terms.b_ra)),
        ("A's reference and B's", number(terms.ra_rb)),
    ]


def term_rows(result: Attribution) -> list[tuple[str, str]]:
    """The terms that two sparse embeddings share, and their products."""
    return [(term.term, signed(term.value)) for term in result.terms]


def error_rows(result: Attribution) -> list[tuple[str, str]]:
    """How exact a result is, at what cost."""
    return [
        ("Relative residual, text A", f"{result.residual_a:.1e}"),
        ("Relative residual, text B", f"{result.residual_b:.1e}"),
        ("Error of single factors, text A", _small(result.error_a)),
        ("Error of single factors, text B", _small(result.error_b)),
        ("Cells are right to about", f"± {_small(result.cell_error)}"),
        ("Tolerance", f"{result.tolerance:g}"),
        ("Converged", "yes" if result.converged else "no"),
        ("Quadrature nodes, text A", str(result.nodes_a)),
        ("Quadrature nodes, text B", str(result.nodes_b)),
    ]


def setting_rows(result: Attribution) -> list[tuple[str, str]]:
    """What a result was computed with."""
    layer = f"{result.layer}: the states that enter this block, of 0 to {result.blocks - 1}"
    return [
        ("Model", result.model),
        ("Revision", result.revision or "not from the hub"),
        ("Kind of model", result.kind),
        ("Layer", "none: the score is a sum over tokens" if result.closed else layer),
        ("Similarity", result.similarity),
        ("Normalisation", _NORMALISATION[result.cosine]),
        ("Shifted encoder", "yes" if result.shifted else "no"),
        ("Quadrature", result.quadrature),
        ("Nodes", "as the tolerance needs" if result.steps is None else f"fixed: {result.steps}"),
        ("Cells", f"words ({result.words} of tokens)" if result.words else "tokens"),
        ("Device", result.device),
        ("Precision", result.dtype),
        ("Time", f"{result.seconds:.2f} s"),
    ]


def _small(value: float | None) -> str:
    return "not estimated" if value is None else f"{value:.1e}"
