"""``analyse agreement``: the paper's Figures 3 and 4."""

from typing import Annotated

import typer

from xsb_core.cli.analyse.options import Kind, Out, Paths, checked, opened, write


def agreement(
    results: Paths,
    out: Out,
    data: Kind = "csv",
    above: Annotated[
        float, typer.Option(help="Figure 4 counts pairs with a mean score above this.")
    ] = 0.5,
    layer: Annotated[
        int | None, typer.Option(help="Figure 3's layer; default the deepest that there is.")
    ] = None,
) -> None:
    """Tell how far two models' attributions agree, by score and by layer."""
    from xsb_core.errors import DataError
    from xsb_core.figures.layer_agreement import layer_agreement
    from xsb_core.figures.score_scatter import score_scatter
    from xsb_core.studies.agreement.by_layer import agreement_by_layer
    from xsb_core.studies.agreement.by_score import between, spearman_by_score

    checked(data, out)
    study = opened(results, agreements=True)
    runs = study.runs()
    if len(runs) != 2:
        raise DataError(
            f"Agreement is between two runs, but these results are of {len(runs)} "
            f"({', '.join(runs)}); give those of two models, or of two treatments."
        )
    own = between(study.agreements, *runs)
    layers = sorted(own["layer"].unique().tolist())
    if layer is not None and layer not in layers:
        raise DataError(
            f"Both runs have layers {', '.join(map(str, layers))}, not {layer}; choose one of them."
        )
    deepest = layers[-1] if layer is None else layer
    by_score = spearman_by_score(study.agreements, *runs, deepest)
    by_layer = agreement_by_layer(study.agreements, *runs, above)
    write(
        out,
        "agreement",
        data,
        own,
        f"Agreement of {runs[0]} and {runs[1]}",
        {"By score": score_scatter(by_score), "By layer": layer_agreement(by_layer)},
        [*by_score.lines(), *by_layer.lines()],
        [*by_score.notes, *by_layer.notes],
    )
