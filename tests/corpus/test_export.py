"""Results as a table, as JSON Lines, and as a file that opens again."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.corpus.factory import encoder, pairs
from xsb_core import DataError, Look, Recipe, cell_table
from xsb_core.corpus.export import json_lines, summary_table, write_parquet
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.corpus.schema import LATER


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("run") / "out"
    rows = [{"a": a, "b": b, "mark": n} for n, (a, b) in enumerate(pairs(7))]
    rows[2]["a"] = ""
    run_corpus(encoder(), rows, folder, Recipe(layer=1), part_rows=3)
    return Results(folder)


def test_the_table_sums_every_pair_up(results):
    table = summary_table(results)
    assert list(table["row"]) == [0, 1, 3, 4, 5, 6]
    for (_, line), (row, found) in zip(table.iterrows(), results.attributions(), strict=True):
        assert (line["row"], line["text_a"], line["score"]) == (row, found.a.text, found.score)
        assert line["residual"] == max(found.residual_a, found.residual_b)
        assert line["nodes"] == max(found.nodes_a, found.nodes_b)
        assert (line["a_rb"], line["ra_rb"]) == (
            found.reference_terms.a_rb,
            found.reference_terms.ra_rb,
        )
        cells = cell_table(found, look=Look(special=False))
        largest = cells.loc[cells["value"].abs().idxmax()]
        assert line["strongest"] == pytest.approx(largest["value"])
        assert (line["strongest_a"], line["strongest_b"]) == (
            largest["token_a"],
            largest["token_b"],
        )
        assert json.loads(line["extra"]) == {"mark": row}


def test_an_empty_run_gives_an_empty_table(tmp_path):
    run_corpus(encoder(), [("", "")], tmp_path / "out")
    table = summary_table(Results(tmp_path / "out"))
    assert table.empty
    assert "strongest_a" in table.columns


def test_json_lines_hold_settings_and_cells(results):
    lines = [json.loads(line) for line in json_lines(results)]
    assert [line["row"] for line in lines] == [0, 1, 3, 4, 5, 6]
    first = next(results.attributions())[1]
    assert (lines[0]["model"], lines[0]["layer"]) == ("tiny", 1)
    np.testing.assert_allclose(lines[0]["matrix"], first.matrix)


def test_a_single_file_is_read_as_its_folder(results, tmp_path):
    write_parquet(results, tmp_path / "run.parquet")
    again = Results(tmp_path / "run.parquet")
    assert again.manifest == results.manifest
    assert list(again) == list(results)
    assert len(again) == 6
    assert again.pair(4).score == results.pair(4).score
    assert list(again.rejects()) == []
    with pytest.raises(DataError, match="Row 2 is not among the results"):
        again.pair(2)


def test_other_files_are_no_results(tmp_path):
    pq.write_table(pa.table({"a": ["x"], "b": ["y"]}), tmp_path / "pairs.parquet")
    (tmp_path / "text.parquet").write_text("a,b\n")
    for name, reason in (("pairs", "but no results"), ("text", "no Parquet file")):
        with pytest.raises(DataError, match=reason):
            Results(tmp_path / f"{name}.parquet")
    with pytest.raises(DataError, match="holds no results"):
        Results(tmp_path / "nowhere.parquet")


def test_files_of_other_versions_open_or_are_refused_by_their_columns(results, tmp_path):
    write_parquet(results, tmp_path / "now.parquet")
    table = pq.read_table(tmp_path / "now.parquet")
    pq.write_table(table.drop_columns(sorted(LATER)), tmp_path / "before.parquet")
    assert Results(tmp_path / "before.parquet").pair(1).score == results.pair(1).score
    renamed = ["pace_a" if name == "cell_error" else name for name in table.column_names]
    older = table.rename_columns(renamed).replace_schema_metadata(table.schema.metadata)
    pq.write_table(older, tmp_path / "older.parquet")
    with pytest.raises(DataError, match="another version, which differs in cell_error, pace_a"):
        Results(tmp_path / "older.parquet")
