"""``rank``: documents for a query, best first, and why; one JSON object a document for pipes."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from xsb_core.cli.options import Layer, Model, PromptA, PromptAText, PromptB, PromptBText, prompt_of


def rank(
    docs: Annotated[
        str,
        typer.Option(
            help="A .txt, .csv, .tsv, .jsonl or .parquet file, or - for JSON or text lines on "
            "standard input."
        ),
    ],
    query: Annotated[str | None, typer.Option(help="The query.")] = None,
    queries: Annotated[
        Path | None, typer.Option(help="A file of queries instead, of the same kinds.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many of the best to show.")] = 10,
    explain: Annotated[bool, typer.Option(help="Say which spans and words carry each.")] = False,
    words: Annotated[bool, typer.Option(help="Explain by words instead of sentences.")] = False,
    windows: Annotated[
        bool,
        typer.Option(
            help="Explain documents longer than the model reads window by window, each scored as a "
            "text of its own; the best first."
        ),
    ] = False,
    against: Annotated[
        str | None, typer.Option(help="A result's id: why the first comes before this one.")
    ] = None,
    against_text: Annotated[
        str | None, typer.Option(help="The same against a text of your own.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="The column of texts.")] = None,
    model: Model = None,
    layer: Layer = None,
    prompt_a: PromptA = None,
    prompt_b: PromptB = None,
    prompt_a_text: PromptAText = None,
    prompt_b_text: PromptBText = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON array on standard output.")
    ] = False,
    as_lines: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a document, as soon as it is there.")
    ] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="A piece of HTML a document, its spans marked.")
    ] = False,
) -> None:
    """Rank documents for a query, and say why each is found."""
    if (query is None) == (queries is None):
        raise ValueError("Give either --query or --queries.")
    if as_json + as_lines + as_html > 1:
        raise ValueError("Give one of --json, --jsonl and --html.")
    if against is not None and against_text is not None:
        raise ValueError("Give either --against or --against-text.")
    if as_html and (against, against_text) != (None, None):
        raise ValueError("--html shows documents, not what sets two apart; leave one out.")
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.figures.hits import hit_html
    from xsb_core.search.documents import json_documents, open_documents
    from xsb_core.search.explanation import contrast, explain_hits
    from xsb_core.search.ranking import Ranking, rank_all
    from xsb_core.search.windows import own_hit

    asked = [query] if query is not None else [one.text for one in open_documents(queries or "")]
    documents = json_documents(sys.stdin) if docs == "-" else open_documents(docs, column)
    encoder = load_encoder(model)
    prompts = prompt_of(prompt_a, prompt_a_text), prompt_of(prompt_b, prompt_b_text)
    rankings = rank_all(encoder, asked, documents, top=top, prompts=prompts)
    unit, recipe = "words" if words else "sentences", Recipe(layer=layer)

    def set_apart(ranking: Ranking) -> dict[str, Any]:
        own = None if against_text is None else own_hit(encoder, ranking, against_text)
        other = own or ranking.find(against or "")
        return contrast(*explain_hits(encoder, [ranking.hits[0], other], unit, recipe)).to_dict()

    def found() -> Iterator[Any]:
        for ranking in rankings:
            if against is not None or against_text is not None:
                yield set_apart(ranking)
            elif explain or words or windows:
                for one in explain_hits(encoder, ranking.hits, unit, recipe, windows=windows):
                    yield hit_html(one.hit, one) if as_html else one.to_dict()
            else:
                yield from (hit_html(hit) if as_html else hit.to_dict() for hit in ranking.hits)

    if as_json:
        print(json.dumps(list(found()), ensure_ascii=False))
        return
    for one in found():
        line = json.dumps(one, ensure_ascii=False) if as_lines else one if as_html else _line(one)
        print(line, flush=True)
    blank = rankings[0].blank if rankings else 0
    if blank:
        print(f"{blank} blank documents were passed over.", file=sys.stderr)


def _line(one: dict[str, Any]) -> str:
    """A document, or a contrast, for a person."""
    from xsb_core.attribution.numerals import signed
    from xsb_core.errors import readable

    if "differences" in one:
        bars = [
            f"  {signed(value):>8}  {readable(word)}"
            for word, value in zip(one["words"], one["differences"], strict=True)
        ]
        apart = one["scores"][0] - one["scores"][1]
        ids = f"{one['ids'][0]} before {one['ids'][1]}"
        return "\n".join([f"{ids}: {signed(apart)} = the sum of", *bars])
    start, end = one.get("window") or (0, 100)
    line = f"{one['rank']:>3}  {one['score']:.3f}  {one['id']}  "
    line += readable(one["text"][start : min(end, start + 100)])
    if best := max(one.get("spans", []), key=lambda span: span["value"], default=None):
        text = readable(one["text"][best["start"] : best["end"]])
        line += f"\n     carried by “{text}” ({signed(best['value'])})"
    return line
