import pytest

from tests.figures.factory import make_result
from xsb_core.figures.waterfall import waterfall

A, B = ["a", "red", "fox"], ["the", "hound"]


def bars(figure):
    assert len(figure.data) == 1
    return figure.data[0]


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("score", [0.6143, 0.99, 1.0, -1.0, 0.0])
def test_values_add_up_to_the_score(score, special):
    bar = bars(waterfall(make_result(A, B, score=score), special=special))
    assert sum(bar.x[:-1]) == pytest.approx(score)
    assert bar.x[-1] == pytest.approx(score)
    assert bar.measure == ("relative",) * (len(bar.x) - 1) + ("absolute",)


def test_lines_in_order_from_the_top():
    result = make_result(A, B)
    figure = waterfall(result)
    bar = bars(figure)
    assert bar.x[:4] == (
        result.corner,
        result.sum_border_a,
        result.sum_border_b,
        result.sum_matrix,
    )
    assert bar.y[-1] == "Prediction"
    assert figure.layout.yaxis.autorange == "reversed"


def test_special_tokens_have_a_bar_where_they_are_not_among_the_others():
    result = make_result(A, B)
    bar = bars(waterfall(result, special=False))
    assert bar.y[-2] == "Special tokens"
    assert bar.x[3] == pytest.approx(result.matrix[1:-1, 1:-1].sum())


def test_values_are_written_with_sign_and_four_decimals():
    bar = bars(waterfall(make_result(A, B, score=-0.25)))
    for value, text in zip(bar.x[:-1], bar.text[:-1], strict=True):
        assert text == f"{value:+z.4f}".replace("-", "\u2212")
    assert bar.text[-1] == "\u22120.2500"
    assert bar.textposition == "outside"


def test_colors_follow_the_sign():
    bar = bars(waterfall(make_result(A, B)))
    assert bar.increasing.marker.color == "#b2182b"
    assert bar.decreasing.marker.color == "#2166ac"
    assert bar.totals.marker.color == "#7a7a7a"


@pytest.mark.parametrize("score", [1.0, -1.0, 0.99])
def test_every_bar_and_its_value_are_in_range(score):
    figure = waterfall(make_result(A, B, score=score))
    low, high = figure.layout.xaxis.range
    end = 0.0
    for value in bars(figure).x[:-1]:
        end += value
        assert (end < high) if value >= 0 else (end > low)
    assert low <= 0 <= high


def test_titles():
    layout = waterfall(make_result(A, B)).layout
    assert layout.title.text is None
    assert layout.xaxis.title.text == "similarity"
    assert layout.height <= 320


def test_word_means_have_no_special_line():
    with pytest.raises(ValueError, match="word means"):
        waterfall(make_result(A, B, words="mean"), special=False)


def test_values_left_of_the_bars_keep_off_the_labels():
    below = waterfall(make_result(A, B, corner=-1.0, score=-1.0)).layout
    above = waterfall(make_result(A, B, score=0.99, seed=1)).layout
    assert below.yaxis.ticklabelstandoff > 50
    assert above.yaxis.ticklabelstandoff < 10
    assert below.margin.l - above.margin.l > 40
