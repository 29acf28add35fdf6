"""The table of a result's cells, on results made by hand."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from tests.figures.factory import make_result
from xsb_core import Look, cell_table, strongest_cells, to_csv

WORDS_A, WORDS_B = ["He", "isn't", "here"], ["😀", "Ġ", "nobody"]


@pytest.fixture
def result():
    return make_result(WORDS_A, WORDS_B)


def test_the_table_has_a_row_for_each_cell(result):
    table = cell_table(result)
    assert list(table.columns) == ["row", "column", "token_a", "token_b", "value", "share"]
    assert len(table) == 25
    for entry in table.itertuples():
        assert entry.token_a == result.a.tokens[entry.row]
        assert entry.token_b == result.b.tokens[entry.column]
        assert entry.value == result.net_matrix[entry.row, entry.column]
        assert entry.share == pytest.approx(entry.value / result.net_matrix.clip(0).sum())
    inner = cell_table(result, look=Look(special=False))
    assert list(inner["row"]) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert list(inner["column"]) == [1, 2, 3] * 3
    assert list(inner.index) == list(range(9))


def test_without_a_positive_cell_there_are_no_shares():
    lowering = make_result(["a"], ["b"], matrix=-np.ones((3, 3)))
    assert cell_table(lowering, Look(cells="paper"))["share"].isna().all()


def test_the_strongest_cells_come_first_whatever_their_sign():
    cells = np.array([[9.0, 0, 0, -9], [0, 0.5, -2, 0], [0, 2, -3, 0], [-9, 0, 0, 9]])
    result = make_result(["a", "b"], ["c", "d"], matrix=cells)
    best = strongest_cells(result, 3, Look(special=False, cells="paper"))
    assert list(best["value"]) == [-3, -2, 2]  # of equal ones, the upper row first
    assert list(best.index) == [0, 1, 2]
    assert list(strongest_cells(result, 4, Look(cells="paper"))["value"]) == [9, -9, -9, 9]
    assert len(strongest_cells(result, 99)) == 16


def test_no_token_becomes_a_formula_in_a_spreadsheet():
    dangerous = [
        "=1+1",
        "+1",
        "-",
        "@sum",
        "\tx",
        "\n=1",
        " =1",
        "\u3000=1",
        "＝1",
        "－1",
        "＋1",
        "＠x",
    ]
    harmless = ["a=b", "1-1", 'say "x", y', "é😀"]
    result = make_result(dangerous + harmless, ["x"])
    written = to_csv(cell_table(result, Look(special=False)))
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert [row["token_a"] for row in rows] == [f"'{token}" for token in dangerous] + harmless
    headed = pd.DataFrame({"=1+1": ["a"], "b": [-1.0]})
    assert to_csv(headed) == "'=1+1,b\na,-1.0\n"
    # numbers stay numbers, negative ones too
    assert [float(row["value"]) for row in rows] == list(result.net_matrix[1:-1, 1])
    assert min(float(row["value"]) for row in rows) < 0
