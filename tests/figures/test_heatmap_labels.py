from dataclasses import replace

import numpy as np
import pytest

from tests.figures.factory import ARABIC, EMOJI, A, B, make_result, names, trace, words
from xsb_core import Look
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.style import COLOR_LIMIT, escape, tint


@pytest.fixture
def result():
    return make_result(A, B, score=0.5)


class TestOverlay:
    def test_covers_every_cell_with_its_original_position(self, result):
        cells = trace(heatmap(result, Look(special=False)), "cells")
        places = zip(cells.x, cells.y, strict=True)
        at = dict(zip(places, [(row[0], row[1]) for row in cells.customdata], strict=True))
        assert at == {(x, y): (y + 1, x + 1) for x in range(3) for y in range(4)}
        assert cells.marker.symbol == "square"
        assert cells.marker.opacity == 0

    def test_tooltip_has_tokens_value_and_share(self, result):
        cells = trace(heatmap(result), "cells")
        row, column, token_a, token_b, value, share = cells.customdata[1 * 5 + 2]
        assert (row, column) == (1, 2)
        assert (token_a, token_b) == ("\u2039not\u203a", "\u2039fine\u203a")
        assert float(value.replace("\u2212", "-")) == pytest.approx(
            result.net_matrix[1, 2], abs=1e-4
        )
        assert value[0] in "+\u2212"
        assert float(share.replace("\u2212", "-")[:-1]) == pytest.approx(
            100 * result.net_matrix[1, 2] / result.net_matrix.clip(0).sum(), abs=0.06
        )

    def test_no_share_where_nothing_raises_the_score(self, result):
        lowering = replace(
            result,
            matrix=-np.ones_like(result.matrix),
            border_a=np.zeros(6),
            border_b=np.zeros(5),
            corner=0.0,
        )
        rows = trace(heatmap(lowering), "cells").customdata
        assert {row[5] for row in rows} == {"\u2013"}

    def test_exactly_one_tooltip(self, result):
        figure = heatmap(result, Look(cells="paper"))
        assert [t.name for t in figure.data if t.hoverinfo != "skip"] == ["cells", "border"]
        assert figure.layout.hovermode == "closest"

    def test_piece_is_named_where_the_vocabulary_lacks_the_token(self):
        result = make_result(
            [EMOJI, "playing"], B, pieces={EMOJI: "[UNK]", "playing": "play ##ing"}
        )
        rows = trace(heatmap(result, Look(special=False)), "cells").customdata
        assert rows[0][2] == f"\u2039{EMOJI}\u203a, read as [UNK]"
        assert rows[3][2] == "\u2039playing\u203a"


class TestLabels:
    @pytest.mark.parametrize(
        ("label", "shown"),
        [
            ("plain", "plain"),
            ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
            ("<script>", "&lt;script&gt;"),
            ("</script>", "&lt;/script&gt;"),
            ('<a href="x">', '&lt;a href="x"&gt;'),
            ("&amp;", "&amp;amp;"),
            ("$x^2$", "&#36;x^2&#36;"),
            ("a\x00\n\x7f", "a\u2400\u240a\u2421"),
            (ARABIC + "!", f"\u2068{ARABIC}!\u2069"),
        ],
    )
    def test_are_shown_as_typed(self, label, shown):
        assert escape(label) == shown
        figure = heatmap(make_result([label], [label]), title=label)
        assert figure.layout.xaxis.ticktext[1] == shown
        assert figure.layout.yaxis.ticktext[1] == shown
        assert figure.layout.title.text == shown
        assert trace(figure, "cells").customdata[4][2] == f"\u2039{shown}\u203a"

    def test_long_ones_are_cut_on_the_axis_only(self):
        long = "Donaudampfschifffahrtsgesellschaft"
        figure = heatmap(make_result([long], B))
        label = figure.layout.yaxis.ticktext[1]
        assert label.endswith("\u2026")
        assert long.startswith(label[:-1])
        assert len(label) <= 16
        assert long in trace(figure, "cells").customdata[5][2]

    def test_cut_between_whole_characters(self):
        family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
        label = heatmap(make_result([family * 5], B)).layout.yaxis.ticktext[1]
        assert label.removesuffix("\u2026").replace(family, "") == ""


class TestSize:
    @pytest.mark.parametrize("count", [3, 12, 30, 60])
    @pytest.mark.parametrize("cells", ["net", "paper"])
    def test_square_cells_and_readable_labels(self, count, cells):
        layout = heatmap(make_result(words(count), words(count)), Look(cells=cells)).layout
        margin = layout.margin
        units = layout.xaxis.range[1] - layout.xaxis.range[0]
        cell = (layout.width - margin.l - margin.r) / units
        assert cell >= 13.9
        assert (layout.height - margin.t - margin.b) / units == pytest.approx(cell, abs=0.2)
        assert layout.yaxis.scaleanchor == "x"
        assert layout.xaxis.tickfont.size >= 9
        assert layout.width < 1150

    def test_values_are_written_where_they_fit(self, result):
        values = trace(heatmap(result, Look(cells="paper")), "values")
        assert len(values.text) == result.matrix.size + 6 + 5 + 1
        expected = f"{result.matrix[0, 1]:z.3f}".replace("-", "\u2212")  # the largest is 0.05
        assert values.text[1] == expected
        assert values.textfont.color[1] == tint(result.matrix[0, 1], COLOR_LIMIT)[1]
        assert values.textfont.size >= 9
        assert "values" not in names(heatmap(make_result(words(60), words(60))))

    def test_long_values_need_larger_cells(self):
        dot = make_result(words(14), words(14))
        assert "values" in names(heatmap(dot))
        assert "values" not in names(heatmap(replace(dot, matrix=-1e4 + dot.matrix)))

    def test_a_page_stays_light(self):
        assert (
            len(heatmap(make_result(words(60), words(60)), Look(cells="paper")).to_json()) < 500_000
        )


def test_a_matrix_too_large_for_markers_has_tooltips_of_its_own():
    large = heatmap(make_result(words(110), words(110)), Look(cells="paper"))
    assert "cells" not in names(large)
    assert "border" not in names(large)
    assert "%{z" in trace(large, "matrix").hovertemplate
    small = heatmap(make_result(words(100), words(100)), Look(cells="paper"))
    assert trace(small, "matrix").hoverinfo == "skip"
    assert len(trace(small, "cells").x) == 10_000
