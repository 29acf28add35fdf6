"""What two runs' agreement says, by score and by layer (paper, section 4.4)."""

import pandas as pd

from xsb_core.errors import DataError
from xsb_core.studies.agreement.by_layer import ABOVE, agreement_by_layer
from xsb_core.studies.agreement.by_score import between, spearman_by_score
from xsb_core.studies.findings import Chart, Findings


def shared_layers(agreements: pd.DataFrame, first: str, second: str) -> dict[int, int]:
    """The first run's layers at which two runs are compared, each with the second run's.

    Raises:
        DataError: If the two share no pairs.
    """
    own = between(agreements, first, second).drop_duplicates("layer").sort_values("layer")
    return dict(zip(own["layer"].tolist(), own["layer_2"].astype(int).tolist(), strict=True))


def agreement_findings(
    agreements: pd.DataFrame,
    first: str,
    second: str,
    layer: int | None = None,
    above: float = ABOVE,
) -> Findings:
    """How far two runs agree.

    Args:
        agreements: From ``pair_agreements``.
        first: A run.
        second: Another.
        layer: The first run's layer whose pairs are set against their score; default the deepest.
        above: Means by layer are of pairs with a mean predicted score above this.

    Raises:
        DataError: If the two share no pairs, or none at this layer.
        ValueError: If ``above`` is no number that a score can have.

    Examples:
        >>> run_corpus(load_encoder("exact"), pairs, "exact-results", Recipe(layer=5)).pairs
        2
        >>> found = measure_runs(["results", "exact-results"])
        >>> agreement_findings(found.agreements, *found.runs()).table["cells"].tolist()
        [64, 25]
    """
    layers = list(shared_layers(agreements, first, second))
    if layer is None:
        layer = layers[-1]
    if layer not in layers:
        raise DataError(
            f"Both runs have layers {', '.join(map(str, layers))}, not {layer}; choose one of them."
        )
    by_score = spearman_by_score(agreements, first, second, layer)
    by_layer = agreement_by_layer(agreements, first, second, above)
    return Findings(
        "agreement",
        f"Agreement of {first} and {second}",
        (by_layer.answer(),),
        between(agreements, first, second),
        {
            "by_score": Chart("score_scatter", (by_score,), "By score"),
            "by_layer": Chart("layer_agreement", (by_layer,), "By layer"),
        },
        (*by_score.beside(), *by_layer.beside()),
        (*by_score.notes, *by_layer.notes),
    )
