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
    words: Annotated[
        bool, typer.Option(help="Explain by words instead of sentences: finer, slower.")
    ] = False,
    against: Annotated[
        str | None, typer.Option(help="A result's id: why the first comes before this one.")
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
) -> None:
    """Rank documents for a query, and say why each is found."""
    if (query is None) == (queries is None):
        raise ValueError("Give either --query or --queries.")
    if as_json and as_lines:
        raise ValueError("Give either --json or --jsonl.")
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.search.documents import json_documents, open_documents
    from xsb_core.search.explanation import contrast, explain_hits
    from xsb_core.search.ranking import rank_all

    asked = [query] if query is not None else [one.text for one in open_documents(queries or "")]
    documents = json_documents(sys.stdin) if docs == "-" else open_documents(docs, column)
    encoder = load_encoder(model)
    prompts = prompt_of(prompt_a, prompt_a_text), prompt_of(prompt_b, prompt_b_text)
    rankings = rank_all(encoder, asked, documents, top=top, prompts=prompts)
    unit, recipe = "words" if words else "sentences", Recipe(layer=layer)

    def found() -> Iterator[dict[str, Any]]:
        for ranking in rankings:
            hits = ranking.hits
            if against is not None:
                first, other = explain_hits(encoder, [hits[0], ranking.find(against)], unit, recipe)
                yield contrast(first, other).to_dict()
            elif explain or words:
                yield from (one.to_dict() for one in explain_hits(encoder, hits, unit, recipe))
            else:
                yield from (hit.to_dict() for hit in hits)

    if as_json:
        print(json.dumps(list(found()), ensure_ascii=False))
        return
    for one in found():
        print(json.dumps(one, ensure_ascii=False) if as_lines else _line(one), flush=True)
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
    line = f"{one['rank']:>3}  {one['score']:.3f}  {one['id']}  {readable(one['text'])[:100]}"
    if best := max(one.get("spans", []), key=lambda span: span["value"], default=None):
        text = readable(one["text"][best["start"] : best["end"]])
        line += f"\n     carried by “{text}” ({signed(best['value'])})"
    return line
