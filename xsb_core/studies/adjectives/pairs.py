"""Attributions to adjective pairs, synonym against opposite (the paper's section 5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from xsb_core.attribution.attribute import attribute_pairs
from xsb_core.attribution.numerals import counted, signed
from xsb_core.attribution.recipe import Recipe
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.ready import ASSETS
from xsb_core.integration.jacobians import Progress
from xsb_core.studies.adjectives.triplets import KINDS, Triplet, adjective_attribution, place
from xsb_core.studies.findings import Chart, Findings

_PLACE = ["template", "triplet"]
_SHIPPED = ASSETS / "studies" / "adjectives" / "paper.parquet"


@dataclass(frozen=True)
class AdjectiveSummary:
    """Attributions in one model to one kind of pair.

    Attributes:
        model: The model.
        kind: "synonym" or "opposite".
        pairs: How many pairs.
        mean: Mean attribution to the adjective pair.
        net: The same of net cells.
        deviation: Their standard deviation; NaN for one pair.
        negative: Share of the pairs below zero, 0 to 1.
    """

    model: str
    kind: str
    pairs: int
    mean: float
    net: float
    deviation: float
    negative: float


def attribute_adjectives(
    encoder: Encoder,
    triplets: Sequence[Triplet],
    templates: Sequence[str],
    recipe: Recipe = Recipe(),
    *,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Attributes both pairs of every triplet in every template; each sentence is read once.

    Args:
        encoder: The encoder.
        triplets: As ``check_triplets`` gives them.
        templates: As ``check_templates`` gives them.
        recipe: How to compute.
        progress: Told the share of the work done, 0 to 1; what it raises ends the work.

    Returns:
        One row a pair: model, layer, cosine, template, triplet (its number from 1), kind, anchor,
        adjective, attribution, net (the same of net cells), score, residual (the larger of the
        two sentences'), text_a, text_b.

    Raises:
        TextError: If the model can't read a sentence as far as its adjective.
        LayerError: For a layer that the model does not have.
        ModelError: For a model that can't be explained.
    """
    cases = [
        (template, number, kind, triplet.anchor, getattr(triplet, kind))
        for template in templates
        for number, triplet in enumerate(triplets, 1)
        for kind in KINDS
    ]
    placed = [(place(case[0], case[3]), place(case[0], case[4])) for case in cases]
    pairs = [(a.sentence, b.sentence) for a, b in placed]
    results = attribute_pairs(encoder, pairs, recipe, progress=progress)
    rows = [
        {
            "model": result.model,
            "layer": result.layer,
            "cosine": result.cosine,
            **dict(zip(("template", "triplet", "kind", "anchor", "adjective"), case, strict=True)),
            "attribution": adjective_attribution(result, a, b),
            "net": adjective_attribution(result, a, b, "net"),
            "score": result.score,
            "residual": max(result.residual_a, result.residual_b),
            "text_a": a.sentence,
            "text_b": b.sentence,
        }
        for case, (a, b), result in zip(cases, placed, results, strict=True)
    ]
    return pd.DataFrame(rows)


def adjective_findings(table: pd.DataFrame, notes: Sequence[str] = ()) -> Findings:
    """Synonyms against opposites in each model.

    Args:
        table: One or more tables of ``attribute_adjectives``, one below the other.
        notes: What they are of.
    """
    models = table["model"].unique()
    return Findings(
        "adjectives",
        "Synonyms against opposites",
        tuple(adjective_sentences(table)),
        table,
        {
            f"histogram_{number}": Chart("adjective_histogram", (table, model), model, model)
            for number, model in enumerate(map(str, models), 1)
        },
        notes=tuple(notes),
    )


def triplet_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a triplet and template, with each model's attributions.

    Args:
        table: One or more tables of ``attribute_adjectives``, one below the other.
    """
    first = table[table["model"] == table["model"].iloc[0]]
    anchors = first.drop_duplicates(_PLACE).set_index(_PLACE)["anchor"]
    wide = first.pivot(index=_PLACE, columns="kind", values="adjective")
    wide.insert(0, "anchor", anchors)
    wide = wide.loc[anchors.index, ["anchor", *KINDS]]  # in the order given
    for model, rows in table.groupby("model", sort=False):
        values = rows.pivot(index=_PLACE, columns="kind", values="attribution")
        wide = wide.join(values[list(KINDS)].add_prefix(f"{model}: "))
    return wide.reset_index()


def summarise_adjectives(table: pd.DataFrame) -> list[AdjectiveSummary]:
    """Attributions by model and kind, in the table's order.

    Args:
        table: One or more tables of ``attribute_adjectives``, one below the other.
    """
    return [
        AdjectiveSummary(
            model=str(model),
            kind=str(kind),
            pairs=len(rows),
            mean=float(rows["attribution"].mean()),
            net=float(rows["net"].mean()),
            deviation=float(rows["attribution"].std()),
            negative=float((rows["attribution"] < 0).mean()),
        )
        for (model, kind), rows in table.groupby(["model", "kind"], sort=False)
    ]


def adjective_sentences(table: pd.DataFrame) -> list[str]:
    """Synonyms against opposites, a sentence a model."""
    lower = opposite_below_synonym(table)
    found: dict[str, dict[str, AdjectiveSummary]] = {}
    for summary in summarise_adjectives(table):
        found.setdefault(summary.model, {})[summary.kind] = summary
    return [
        f"{model}: the mean attribution is {signed(kinds['synonym'].mean, 3)} for synonyms and "
        f"{signed(kinds['opposite'].mean, 3)} for opposites; {kinds['synonym'].negative:.0%} and "
        f"{kinds['opposite'].negative:.0%} are below zero. In net cells the means are "
        f"{signed(kinds['synonym'].net, 3)} and {signed(kinds['opposite'].net, 3)}. The opposite "
        f"has the lower attribution in {lower[model]:.0%} of the {_cases(table)}."
        for model, kinds in found.items()
    ]


def _cases(table: pd.DataFrame) -> str:
    """How many triplets there are, in how many templates."""
    triplets, templates = table["triplet"].nunique(), table["template"].nunique()
    named = counted(triplets, "triplet")
    if templates == 1:
        return named
    return f"{triplets * templates} cases ({named} in {templates} templates)"


def shipped_adjectives() -> pd.DataFrame:
    """Shelf's and exact's table of the paper's triplets that comes with this package."""
    return pd.read_parquet(_SHIPPED)


def opposite_below_synonym(table: pd.DataFrame) -> dict[str, float]:
    """For each model the share of triplets whose opposite has a lower attribution."""
    wide = table.pivot(index=["model", "template", "triplet"], columns="kind", values="attribution")
    lower = (wide["opposite"] < wide["synonym"]).groupby(level="model").mean()
    return {str(model): float(lower[model]) for model in table["model"].unique()}
