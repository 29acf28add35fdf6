import json
from dataclasses import replace

import numpy as np
import pytest

from tests.figures.factory import A, B, make_result, names, trace
from xsb_core import Look, to_words
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.style import COLOR_LIMIT, color_limit, tint


@pytest.fixture
def result():
    return make_result(A, B, score=0.5)


class TestMatrix:
    def test_cells_are_the_results(self, result):
        np.testing.assert_array_equal(trace(heatmap(result), "matrix").z, result.net_matrix)

    def test_without_special_tokens(self, result):
        figure = heatmap(result, Look(special=False))
        np.testing.assert_array_equal(trace(figure, "matrix").z, result.net_matrix[1:-1, 1:-1])
        assert list(figure.layout.yaxis.ticktext) == A
        assert list(figure.layout.xaxis.ticktext) == B

    def test_first_token_of_a_on_top_and_b_from_left_to_right(self, result):
        layout = heatmap(result).layout
        bottom, top = layout.yaxis.range
        left, right = layout.xaxis.range
        assert bottom > top
        assert left < right
        assert list(layout.yaxis.ticktext) == ["[CLS]", *A, "[SEP]"]
        assert list(layout.xaxis.ticktext) == ["[CLS]", *B, "[SEP]"]
        assert layout.yaxis.title.text == "Text A"
        assert layout.xaxis.title.text == "Text B"

    def test_repeated_tokens_keep_their_rows(self, result):
        layout = heatmap(result).layout
        assert list(layout.yaxis.tickvals) == list(range(6))
        assert list(layout.yaxis.ticktext).count("not") == 2

    def test_meta_names_what_is_shown(self, result):
        meta = heatmap(result, Look(special=False, cells="paper")).layout.meta
        assert meta == {"limit": COLOR_LIMIT, "rows": A, "columns": B}

    def test_json_has_no_surprises(self, result):
        values = json.loads(heatmap(result, Look(cells="paper")).to_json())
        assert values["layout"]["meta"]["rows"] == ["[CLS]", *A, "[SEP]"]


class TestColors:
    def test_symmetric_about_white(self, result):
        matrix = trace(heatmap(result), "matrix")
        assert (matrix.zmin, matrix.zmid, matrix.zmax) == (
            -color_limit(result),
            0,
            color_limit(result),
        )
        assert dict(matrix.colorscale) == {0.0: "#2166ac", 0.5: "#ffffff", 1.0: "#b2182b"}

    def test_given_limit(self, result):
        figure = heatmap(result, limit=2.5)
        assert trace(figure, "matrix").zmax == 2.5
        assert figure.layout.meta["limit"] == 2.5

    def test_limit_is_the_largest_cell_shown_of_all_results(self, result):
        matrix = np.array(result.matrix)
        matrix[0, 0] = -7.0
        other = replace(result, matrix=matrix)
        paper = Look(cells="paper", stretch=True)
        assert color_limit(result, look=paper) == np.abs(result.matrix).max()
        assert color_limit(result, other, look=paper) == 7.0
        assert color_limit(result, look=Look(stretch=True)) == np.abs(result.net_matrix).max()
        inner = replace(paper, special=False)
        assert color_limit(other, look=inner) == np.abs(result.matrix[1:-1, 1:-1]).max()

    def test_limit_is_one_for_all_pairs_unless_stretched(self, result):
        assert color_limit(result) == color_limit(replace(result, matrix=9 * result.matrix))
        # of a dot product, sizes depend on the model
        dot = replace(result, matrix=9 * result.matrix, similarity="dot")
        assert color_limit(dot) == np.abs(dot.net_matrix).max()

    def test_a_low_score_looks_pale(self):
        faint = np.full((6, 5), -0.04 / 30)
        zeros = {"border_a": np.zeros(6), "border_b": np.zeros(5), "corner": 0.0}
        figure = heatmap(make_result(A, B, matrix=faint, **zeros))
        background, _ = tint(faint[0, 0], trace(figure, "matrix").zmax)
        assert min(int(background[i : i + 2], 16) for i in (1, 3, 5)) > 250

    def test_limit_is_never_zero(self, result):
        blank = replace(result, matrix=0 * result.matrix)
        assert color_limit(blank, look=Look(cells="paper", stretch=True)) == 1.0

    def test_tint_agrees_with_the_scale(self):
        assert tint(0.0, 2.0) == ("#ffffff", "black")
        assert tint(2.0, 2.0) == ("#b2182b", "white")
        assert tint(-9.0, 2.0) == ("#2166ac", "white")
        assert tint(1.0, 2.0) == ("#d88c95", "black")

    @pytest.mark.parametrize("value", np.linspace(-1, 1, 41))
    def test_text_has_the_higher_contrast(self, value):
        background, text = tint(value, 1.0)
        channels = [int(background[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
        contrast = {"white": 1.05 / (luminance + 0.05), "black": (luminance + 0.05) / 0.05}
        assert contrast[text] >= 4.5

    def test_color_bar_says_what_the_colors_mean(self, result):
        bar = trace(heatmap(result), "matrix").colorbar
        assert "red raises" in bar.title.text
        assert "blue lowers" in bar.title.text
        assert bar.ticktext[1] == "0"


class TestBorder:
    def test_values_and_colors(self, result):
        figure = heatmap(result, Look(cells="paper"))
        np.testing.assert_array_equal(trace(figure, "border_a").z, result.border_a[:, None])
        np.testing.assert_array_equal(trace(figure, "border_b").z, result.border_b[None, :])
        np.testing.assert_array_equal(trace(figure, "corner").z, [[result.corner]])
        for name in ("border_a", "border_b", "corner"):
            part = trace(figure, name)
            assert (part.zmin, part.zmax) == (-color_limit(result), color_limit(result))
            assert not part.showscale

    def test_apart_from_the_matrix(self, result):
        figure = heatmap(result, Look(cells="paper"))
        matrix, right, below = (trace(figure, n) for n in ("matrix", "border_a", "border_b"))
        assert 1 < right.x[0] - matrix.x[-1] < 2
        assert 1 < below.y[0] - matrix.y[-1] < 2
        np.testing.assert_array_equal(right.y, matrix.y)
        np.testing.assert_array_equal(below.x, matrix.x)
        assert (figure.layout.xaxis.tickvals[-1], figure.layout.xaxis.ticktext[-1]) == (
            right.x[0],
            "ref. B",
        )
        assert (figure.layout.yaxis.tickvals[-1], figure.layout.yaxis.ticktext[-1]) == (
            below.y[0],
            "ref. A",
        )

    def test_without_special_tokens(self, result):
        figure = heatmap(result, Look(special=False, cells="paper"))
        np.testing.assert_array_equal(trace(figure, "border_a").z[:, 0], result.border_a[1:-1])
        np.testing.assert_array_equal(trace(figure, "border_b").z[0], result.border_b[1:-1])

    def test_tooltips_have_the_true_values(self, result):
        rows = trace(heatmap(result, Look(cells="paper")), "border").customdata
        expected = f"{result.border_a[1]:+.4f}".replace("-", "\u2212")
        assert list(rows[1][:5]) == [
            1,
            None,
            "\u2039not\u203a",
            "the reference of text B",
            expected,
        ]
        assert list(rows[6][:4]) == [None, 0, "the reference of text A", "\u2039[CLS]\u203a"]
        assert list(rows[-1][:2]) == [None, None]
        assert rows[-1][4] == f"{result.corner:+.4f}"

    def test_none_unless_asked_for(self, result):
        assert {"border", "border_a", "border_b", "corner"}.isdisjoint(names(heatmap(result)))


def test_a_look_in_words_draws_words_and_leaves_words_alone():
    result = make_result(A, B)
    words = to_words(result, "sum")
    assert heatmap(result, Look(words="sum")) == heatmap(words)
    assert heatmap(words, Look(words="mean")) == heatmap(words)  # words they are already


def test_cells_that_round_to_zero_hold_no_number():
    result = make_result(A, B, matrix=0.3 * np.eye(len(A) + 2, len(B) + 2))
    net = result.net_matrix
    texts = np.reshape(trace(heatmap(result), "values").text, net.shape)
    blank = np.abs(net) < 0.005
    assert 0 < blank.sum() < blank.size
    np.testing.assert_array_equal(texts == "", blank)
