"""What disks do to a run: flipped bytes, torn files, no room; and what strangers write into one."""

import errno
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.corpus.factory import encoder, pairs, saved, write_csv
from tests.corpus.test_run import same
from xsb_core import DataError, run_corpus, write_parquet
from xsb_core.cli import main
from xsb_core.corpus import folder
from xsb_core.corpus.results import Results


@pytest.fixture(scope="module")
def tiny():
    return encoder()


def flip(path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_damaged_parts_are_made_again_and_no_others(tiny, tmp_path):
    some = [*pairs(9), ("", "no first text")]
    run_corpus(tiny, some, tmp_path / "whole", part_rows=2)
    run_corpus(tiny, some, tmp_path / "out", part_rows=2)
    parts = sorted((tmp_path / "out").glob("part-*"))
    flip(parts[1])
    parts[3].write_bytes(parts[3].read_bytes()[:100])
    flip(*(tmp_path / "out").glob("rejects-*"))
    kept = [path.stat().st_mtime_ns for path in (parts[0], parts[2])]
    summary = run_corpus(tiny, some, tmp_path / "out", part_rows=2)
    assert (summary.damaged, summary.new) == (3, 6)
    assert kept == [path.stat().st_mtime_ns for path in (parts[0], parts[2])]
    same(tmp_path / "out", tmp_path / "whole")
    assert run_corpus(tiny, some, tmp_path / "out", part_rows=2).new == 0


def test_parts_of_earlier_versions_are_believed(tiny, tmp_path):
    some = pairs(4)
    run_corpus(tiny, some, tmp_path / "out", part_rows=2)
    (tmp_path / "out" / folder.CHECKSUMS_FILE).unlink()
    summary = run_corpus(tiny, some, tmp_path / "out", part_rows=2)
    assert (summary.damaged, summary.new) == (0, 0)


def test_a_torn_line_of_checksums_is_passed_over(tiny, tmp_path):
    some = pairs(6)
    run_corpus(tiny, some, tmp_path / "out", part_rows=2, limit=4)
    with (tmp_path / "out" / folder.CHECKSUMS_FILE).open("a") as file:
        file.write("0" * 30)
    assert run_corpus(tiny, some, tmp_path / "out", part_rows=2)[3] == 2
    assert run_corpus(tiny, some, tmp_path / "out", part_rows=2)[3] == 0


def test_the_command_says_what_was_damaged(tmp_path, capsys):
    model, path = saved(tmp_path / "model"), write_csv(tmp_path / "pairs.csv", pairs(3))
    command = ["batch", str(path), "--out", str(tmp_path / "out"), "--model", model]
    assert main(command) == 0
    assert "checksum" not in capsys.readouterr().err
    flip(*(tmp_path / "out").glob("part-*"))
    assert main(command) == 0
    assert (
        f"{tmp_path / 'out'}: made 1 damaged part again, found by checksum."
        in capsys.readouterr().err
    )


def test_a_full_disk_is_one_sentence_and_the_run_goes_on(tiny, tmp_path, monkeypatch):
    some = pairs(6)
    commits = []

    def full(unfinished, path):
        commits.append(path)
        if len(commits) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return commit(unfinished, path)

    commit = folder.commit
    monkeypatch.setattr(folder, "commit", full)
    with pytest.raises(DataError) as caught:
        run_corpus(tiny, some, tmp_path / "out", part_rows=2)
    assert str(caught.value) == (
        f"There is no room left on the disk of {tmp_path / 'out'}; what is finished is kept; run "
        "it again once there is some."
    )
    assert len(Results(tmp_path / "out")) == 2
    assert run_corpus(tiny, some, tmp_path / "out", part_rows=2).new == 4
    assert not list((tmp_path / "out").glob("*.tmp"))


CRAFTED = [
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"shared":' * 100_000,
    b"null",
    b"[1]",
    b'{"shared": 3}',
    b'{"format": {"a": [1]}}',
    '{"model": "\ud800"}'.encode("utf-8", "surrogatepass"),
]


@pytest.mark.parametrize("content", CRAFTED, ids=range(len(CRAFTED)))
def test_a_crafted_manifest_is_one_sentence(tiny, tmp_path, content):
    run_corpus(tiny, pairs(2), tmp_path / "out")
    write_parquet(Results(tmp_path / "out"), tmp_path / "whole.parquet")
    (tmp_path / "out" / "manifest.json").write_bytes(content)
    table = pq.read_table(tmp_path / "whole.parquet")
    crafted = table.replace_schema_metadata({b"xsb_manifest": content})
    pq.write_table(crafted, tmp_path / "crafted.parquet")
    for path in (tmp_path / "out", tmp_path / "crafted.parquet"):
        with pytest.raises(
            DataError, match=f"^The manifest of {re.escape(str(path))} can't be read"
        ):
            Results(path)


def test_columns_of_other_types_are_no_results(tiny, tmp_path):
    run_corpus(tiny, pairs(2), tmp_path / "out")
    write_parquet(Results(tmp_path / "out"), tmp_path / "whole.parquet")
    table = pq.read_table(tmp_path / "whole.parquet")
    at = table.schema.get_field_index("row")
    other = table.set_column(at, "row", pa.array(["x", "y"])).replace_schema_metadata(
        table.schema.metadata
    )
    pq.write_table(other, tmp_path / "other.parquet")
    assert len(Results(tmp_path / "whole.parquet")) == 2
    with pytest.raises(DataError, match="holds other types than results do in row; attribute"):
        Results(tmp_path / "other.parquet")
