"""Same-token cells of Shelf and Exact (the paper's section 5.4, tables 3 and 4, figure 10)."""

from textwrap import fill

import pandas as pd

from benchmarks.results import markdown_table
from xsb_core.studies.lexical.ranking import cells_sentence, rank_agreement, ranking
from xsb_core.studies.lexical.same_tokens import TokenCells

TOP, BOTTOM = 20, 10
PAPER_SPEARMAN, PAPER_PAIRS = 0.81, 148_315
# Token, mean and deviation of the paper's tables 3 and 4: highest, then lowest, best first.
PAPER = {
    "shelf": (
        "auckland 0.737 0.045, cambodia 0.713 0.098, somme 0.656 0.087, sahara 0.533 0.079, "
        "shotgun 0.514 0.032, surgical 0.507 0.127, hacking 0.503 0.143, swiss 0.502 0.116, "
        "turkey 0.496 0.150, edmonton 0.490 0.068, anger 0.477 0.093, ##oop 0.477 0.168, "
        "pune 0.472 0.124, kerala 0.461 0.084, goa 0.455 0.113, coding 0.455 0.169, "
        "wikipedia 0.454 0.116, enfield 0.453 0.114, vocabulary 0.449 0.086, "
        "furniture 0.447 0.103",
        "ones 0.002 0.004, { 0.002 0.004, ) 0.002 0.006, \\ 0.001 0.001, _ 0.001 0.002, "
        "] 0.001 0.001, } 0.000 0.000, CLS 0.000 0.001, EOS 0.000 0.000",
    ),
    "exact": (
        "2500 0.399 0.169, 1500 0.370 0.116, anger 0.236 0.096, vocabulary 0.218 0.087, "
        "boredom 0.216 0.051, 30 0.212 0.178, pp 0.212 0.185, pune 0.205 0.110, 20 0.203 0.142, "
        "anxiety 0.199 0.116, iq 0.191 0.122, calculus 0.190 0.176, 2017 0.189 0.090, "
        "kerala 0.182 0.067, hacking 0.181 0.105, cfa 0.178 0.120, mumbai 0.174 0.112, "
        "karma 0.171 0.086, sydney 0.170 0.100, economics 0.168 0.115",
        "[ 0.002 0.003, { 0.001 0.001, } 0.001 0.001, ] 0.001 0.001, _ 0.001 0.001, "
        "\\ 0.001 0.001, } 0.001 0.001, EOS 0.000 0.000, CLS 0.000 0.000",
    ),
}


def section() -> str:
    """Both rankings beside the paper's, and their correlation, in the paper's cells."""
    studies = TokenCells.shipped("paper")
    ranked = {study.model: ranking(study) for study in studies}
    agreed = rank_agreement(studies[0], studies[1])
    top = [
        (rank, *(cell for name in ranked for cell in _cells(name, ranked[name], rank)))
        for rank in range(1, TOP + 1)
    ]
    lowest = [
        f"- {name}: {_list(table.tail(BOTTOM))}; the paper's: {_papers(PAPER[name][1])}."
        for name, table in ranked.items()
    ]
    heads = ["rank", *(head for name in ranked for head in (name, f"the paper's {name.title()}"))]
    parts = [
        "\n".join(f"- {cells_sentence(study)}" for study in studies),
        fill(
            f"Spearman between both models' ranks of {len(agreed.tokens):,} tokens: "
            f"{agreed.spearman:.2f}; the paper has {PAPER_SPEARMAN} (layer 8 of 12, "
            f"{PAPER_PAIRS:,} pairs of QQP). The highest, mean ± deviation:",
            100,
        ),
        markdown_table(heads, top),
        "The lowest:",
        "\n".join(lowest),
    ]
    return "\n\n".join(parts)


def _cells(name: str, table: pd.DataFrame, rank: int) -> tuple[str, str]:
    """A rank's token here and in the paper."""
    token, mean, deviation = PAPER[name][0].split(", ")[rank - 1].split()
    own = _list(table.iloc[[rank - 1]]) if rank <= len(table) else ""
    return own, f"`{token}` {mean} ± {deviation}"


def _list(table: pd.DataFrame) -> str:
    return ", ".join(
        f"`{row.token}` {row.mean:.3f} ± {row.deviation:.3f}" for row in table.itertuples()
    )


def _papers(tokens: str) -> str:
    return ", ".join(f"`{one.split()[0]}` {one.split()[1]}" for one in tokens.split(", "))
