"""Every Python block of the documentation runs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("README.md", "pair.json"),
        ("docs/library.md", "pair.json"),
        ("docs/corpus.md", "results/manifest.json"),
    ],
)
def test_python_blocks_run(name, made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, name, "exec"), {})
    assert (tmp_path / made).is_file()
