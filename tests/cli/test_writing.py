"""What commands write, and how they end: one sentence where it can't be, or after Ctrl-C."""

import errno
import os
from pathlib import Path

import pytest

from xsb_core.cli import main
from xsb_core.cli.writing import check_folder, writing


def test_what_the_system_says_is_a_sentence():
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    told = r"^x can't be written: No space left.*another --figure"
    with pytest.raises(ValueError, match=told), writing(Path("x"), "--figure"):
        raise full


def test_a_folder_that_may_not_be_written_into(tmp_path, monkeypatch):
    check_folder(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may write anywhere
    with pytest.raises(ValueError, match=f"{tmp_path} may not be written into"):
        check_folder(tmp_path / "new")


def test_training_says_after_ctrl_c_how_to_go_on(tmp_path, capsys, monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("xsb_core.training.data.load_splits", lambda *args: None)
    monkeypatch.setattr("xsb_core.training.run.train", interrupted)
    out = str(tmp_path / "out")
    assert main(["train", "--variant", "exact", "--output", out]) == 130
    assert f"Interrupted; {out} keeps what is finished" in capsys.readouterr().err
