"""Figures over many pairs: what they plot."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from tests.studies.test_findings import agreements, measures
from xsb_core.figures.findings import findings_file
from xsb_core.figures.layer_agreement import layer_agreement
from xsb_core.figures.reference_histograms import reference_histograms
from xsb_core.figures.score_scatter import score_scatter
from xsb_core.figures.sign_scatter import sign_scatter
from xsb_core.studies.agreement.by_layer import agreement_by_layer
from xsb_core.studies.agreement.by_score import spearman_by_score
from xsb_core.studies.findings import Beside, Chart, Findings
from xsb_core.studies.reference_terms import reference_terms
from xsb_core.studies.signs import sign_sums


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_histograms_count_every_value_and_mark_the_bounds():
    found = reference_terms(measures(200), "plain")
    figure = reference_histograms(found)
    bars = traces(figure)
    for name, values, low in (
        ("reference similarities", found.similarities, 0.1),
        ("reference term", found.terms, 0.9),
    ):
        trace = bars[name]
        assert sum(trace.y) == len(values)
        left, right = trace.x - np.array(trace.width) / 2, trace.x + np.array(trace.width) / 2
        for at in (0, 10, 25):
            inside = (values >= left[at]) & (values < right[at])
            assert trace.y[at] == inside.sum()
        assert left[0] <= min(low, values.min()) + 1e-9
        assert right[-1] >= max(low, values.max()) - 1e-9
    assert sorted(shape.x0 for shape in figure.layout.shapes) == [-0.1, 0.1, 0.9]


def test_histograms_of_equal_values_have_a_width():
    found = reference_terms(measures(5, a_rb=0.0, b_ra=0.0, ra_rb=0.9), "plain")
    bars = traces(reference_histograms(found))
    assert sum(bars["reference term"].y) == 5
    assert min(bars["reference term"].width) > 0


def test_scatter_has_a_point_a_pair_and_the_mean():
    table = agreements([0.2, 0.8, 0.9], [0.1, 0.5, 0.9])
    drawn = traces(score_scatter(spearman_by_score(table, "m", "n", 4)))
    np.testing.assert_allclose(drawn["pairs"].x, [0.2, 0.8, 0.9])
    assert drawn["pairs"].y.tolist() == [0.1, 0.5, 0.9]
    assert drawn["pairs"].customdata == ("0", "1", "2")
    assert drawn["mean"].y == pytest.approx((0.7, 0.7))
    none = score_scatter(spearman_by_score(table, "m", "n", 3))
    assert "mean" not in traces(none)


def test_layers_have_means_and_deviations():
    table = pd.concat([agreements([0.6, 0.8], [0.2, 0.4], 4), agreements([0.6], [0.5], 5)])
    drawn = traces(layer_agreement(agreement_by_layer(table, "m", "n")))
    assert set(drawn) == {"Spearman", "Pearson", "Jaccard, top 3", "Jaccard, top 10"}
    np.testing.assert_allclose(drawn["Spearman"].y, [0.3, 0.5])
    np.testing.assert_allclose(drawn["Spearman"].error_y.array, [0.1, 0])
    assert [row[0] for row in drawn["Spearman"].customdata] == [4, 5]


def test_signs_have_a_row_a_run_in_one_range():
    table = pd.concat([measures(50), measures(50, "exact", 1, shifted=True, cosine="endpoint")])
    found = [sign_sums(table, run, 4) for run in ("plain", "exact")]
    figure = sign_scatter(found)
    drawn = traces(figure)
    for signs in found:
        np.testing.assert_allclose(drawn[f"{signs.run}: pairs"].x, signs.table["positive"])
        np.testing.assert_allclose(drawn[f"{signs.run}: pairs"].y, signs.table["negative"])
        np.testing.assert_allclose(drawn[f"{signs.run}: LOWESS"].y, signs.smooth[1])
        np.testing.assert_allclose(drawn[f"{signs.run}: density"].x, signs.density[0])
    assert sorted(shape.x0 for shape in figure.layout.shapes) == [1, 1, 2, 2]
    assert figure.layout.xaxis.range == figure.layout.xaxis3.range == figure.layout.xaxis4.range
    assert figure.layout.yaxis.range == figure.layout.yaxis3.range


def test_far_sums_under_the_other_treatment_do_not_squeeze():
    far = measures(50, "far", 1).assign(cosine="endpoint")
    far[["positive", "negative"]] *= 10
    table = pd.concat(
        [measures(50), far, measures(50, "exact", 2, shifted=True, cosine="endpoint")]
    )
    layout = sign_scatter([sign_sums(table, run, 4) for run in ("plain", "far", "exact")]).layout
    assert layout.xaxis.range == layout.xaxis2.range == layout.xaxis5.range
    assert layout.yaxis.range == layout.yaxis5.range
    assert layout.xaxis3.range[1] > 5 * layout.xaxis.range[1]
    assert layout.yaxis3.range[0] < 5 * layout.yaxis.range[0]


def test_few_pairs_have_points_but_no_curves():
    drawn = traces(sign_scatter([sign_sums(measures(5), "plain", 4)]))
    assert set(drawn) == {"plain: pairs"}


def test_a_report_shows_user_text_as_typed():
    found = spearman_by_score(agreements([0.2], [0.1]), "m", "n", 4)
    findings = Findings(
        "b",
        "<b>",
        ("<u>",),
        found.table,
        {"s": Chart("score_scatter", (found,), "<s>")},
        (Beside("<i>", "p", "h"),),
    )
    page = findings_file(findings, "html").decode()
    body = page.partition("<body>")[2]
    for text in ("b", "i", "s", "u"):
        assert f"&lt;{text}&gt;" in body
        assert f"<{text}>" not in body.partition("<script")[0]


def test_a_studys_files_hold_its_table_and_what_is_said_of_it():
    table = pd.DataFrame({"text": ["=1", "é"], "value": [0.5, np.nan]})
    findings = Findings("n", "T", ("Answer.",), table, {}, notes=("Note.",))
    saved = json.loads(findings_file(findings, "json"))
    assert saved["found"] == ["Answer.", "Note."]
    assert saved["rows"] == [{"text": "=1", "value": 0.5}, {"text": "é", "value": None}]
    assert findings_file(findings, "csv").decode() == "text,value\n'=1,0.5\né,\n"
    again = pd.read_parquet(io.BytesIO(findings_file(findings, "parquet")))
    pd.testing.assert_frame_equal(again, table)
