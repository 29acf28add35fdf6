"""Rules change or keep what a text says; the probe counts what is seen, and CI can fail on it."""

import json
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from xsb_core import DataError
from xsb_core.cli import main
from xsb_core.cli.probe.edits import junit_report
from xsb_core.evidence.edit_rules import RULES, TEMPLATES, edits_of
from xsb_core.evidence.edits import edit_summary, own_edits
from xsb_core.tables.reading import open_pairs

EXPECTED = {
    ("negation", "A man is eating."): "A man is not eating.",
    ("negation", "He did not go."): "He did go.",
    ("number", "It has 5 legs."): "It has 38 legs.",
    ("number", "There are two cats."): "There are ten cats.",
    ("entity", "She flew to Paris."): "She flew to Madrid.",
    ("antonym", "Good news."): "Bad news.",
    ("quantifier", "All birds fly."): "Some birds fly.",
    ("modality", "They will come."): "They may come.",
    ("order of arguments", "The dog bit a man."): "A man bit the dog.",
    ("passive", "The dog bit a man."): "A man was bitten by the dog.",
    ("casing", "Good news."): "good news.",
    ("casing", "quiet"): "QUIET",
    ("punctuation", "Good news."): "Good news",
    ("synonym", "A big dog."): "A large dog.",
    ("typo", "A guitar."): "A guiatr.",
}


@pytest.mark.parametrize(("kind", "text"), EXPECTED)
def test_rules(kind, text):
    assert RULES[kind][1](text) == EXPECTED[kind, text]


def test_rules_that_do_not_apply_leave_a_text_out():
    kinds = {edit.kind for edit in edits_of(["x"]) if edit.text == "x"}
    assert kinds == {"casing", "punctuation"}
    assert {"order of arguments", "passive"} <= {edit.kind for edit in edits_of([])}
    assert len(set(TEMPLATES)) == 14
    assert all(edit.edited != edit.text for edit in edits_of(["2", "...", "ab ab", "no", ""]))


def table(harmless, harmful):
    rows = [("typo", False, change) for change in harmless]
    rows += [("negation", True, change) for change in harmful]
    frame = pd.DataFrame(rows, columns=["kind", "harmful", "change"])
    return frame.assign(model="m", carried=0.5)


def test_what_is_seen_is_beyond_the_harmless():
    summary = edit_summary(table([0.0] * 19 + [1.0], [0.04, 0.06, 0.9, -1.0]))
    threshold = summary["threshold"].iloc[0]
    assert threshold == pytest.approx(0.05)  # the 95th percentile of 20: 5% of the way to the last
    assert summary.set_index("kind").loc["negation", "seen"] == 0.5
    assert summary["kind"].tolist() == ["typo", "negation", "all harmful"]
    # Wilson's interval of 2 of 4, by its formula
    centre, half = (
        (2 + 1.96**2 / 2) / (4 + 1.96**2),
        1.96 / (4 + 1.96**2) * (1 + 1.96**2 / 4) ** 0.5,
    )
    row = summary.iloc[1]
    assert (row["low"], row["high"]) == pytest.approx((centre - half, centre + half), abs=1e-4)


def test_junit():
    summary = edit_summary(table([0.0, 0.1], [0.05, 0.2]))
    suite = ET.fromstring(junit_report(summary, 0.3))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert suite[0].get("name") == "negation"
    assert "50%" in suite[0][0].get("message")
    assert ET.fromstring(junit_report(summary, 0.5)).get("failures") == "0"


def test_own_pairs(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,edited,kind\nA dog.,No dog.,harmful: no\nA dog.,a dog.,casing\n")
    source = open_pairs(path, columns=("text", "edited"))
    assert [(one.kind, one.harmful) for one in own_edits(source)] == [
        ("harmful: no", True),
        ("casing", False),
    ]
    path.write_text("text,edited,kind\nA dog.,No dog.,other\n")
    with pytest.raises(DataError, match=r"Line 2 of .*got 'other'"):
        own_edits(open_pairs(path, columns=("text", "edited")))


def test_the_command_fails_where_too_much_is_not_seen(tmp_path, capsys):
    path = tmp_path / "own.csv"
    rows = [
        "text_a,text_b,kind",
        "A dog runs.,A dog sprints.,harmless",
        "A dog runs.,A dog runs!,x",
    ]
    path.write_text("\n".join([*rows[:2], "A dog runs.,A dog runs .,harmful"]) + "\n")
    out = ["--out", str(tmp_path / "out"), "--layer", "5", "--junit", str(tmp_path / "j.xml")]
    study = tmp_path / "study.parquet"
    out += ["--study", str(study)]
    assert main(["probe", "edits", str(path), *out, "--max-blind", "1"]) == 0
    assert main(["probe", "edits", str(path), *out, "--max-blind", "0.3"]) == 1
    assert ET.parse(tmp_path / "j.xml").getroot().get("failures") == "2"
    assert "is blind to 100% of 1 harmful edits" in capsys.readouterr().out
    report = json.loads((tmp_path / "out" / "edits.json").read_text())
    assert [row["kind"] for row in report["rows"]] == ["harmless", "harmful"]
    assert report["found"][0].startswith("all-MiniLM-L6-v2 is blind to 100%")
    assert pd.read_parquet(study)["kind"].tolist() == ["harmless", "harmful", "all harmful"]
    assert main(["probe", "edits", str(path), "--max-blind", "3"]) == 2
