"""Every Python block of the documentation runs, and what it names exists."""

import doctest
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import xsb_core

ROOT = Path(__file__).parents[1]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")

# Functions and classes that a user calls have an example; errors are raised, and these are given.
EXPLAINED = [
    name
    for name in sorted(xsb_core.__all__)
    if inspect.isroutine(own := getattr(xsb_core, name))
    or (inspect.isclass(own) and not issubclass(own, Exception))
]
GIVEN = {
    "Span",
    "Ranking",
    "Hit",
    "ExplainedHit",
    "Document",
    "Contrast",
    "Agreement",
    "Attribution",
    "Beside",
    "Chart",
    "Columns",
    "Comparison",
    "Depths",
    "Edit",
    "Evaluation",
    "Entry",
    "Findings",
    "GoldPair",
    "Measurements",
    "Negation",
    "NegationEffect",
    "Order",
    "Pair",
    "PairEvidence",
    "PairSource",
    "ReferenceTerms",
    "Reject",
    "Side",
    "Summary",
    "TextFactors",
    "TokenFactors",
    "TrainingRecord",
    "Trust",
}


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ") for line in section.splitlines() if line.startswith("|")]
    return [re.split(r" \| ", row) for row in rows[2:]]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("README.md", "pair.json"),
        ("docs/library.md", "pair.json"),
        ("docs/corpus.md", "results/manifest.json"),
        ("docs/method.md", None),
    ],
)
def test_python_blocks_run(name, made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, name, "exec"), {})
    assert made is None or (tmp_path / made).is_file()


def test_functions_of_the_method_exist():
    rows = table(METHOD, "10. From the paper to the code")
    names = [name for row in rows for name in re.findall(r"`(\w+\.[\w.]+)`", row[-1])]
    assert len(names) >= len(rows)
    for name in names:
        module, _, own = name.rpartition(".")
        assert getattr(import_module(f"xsb_core.{module}"), own).__module__ == f"xsb_core.{module}"


def test_every_public_name_is_documented():
    documented = re.findall(r"^::: xsb_core\.(\w+)$", API, re.MULTILINE)
    assert sorted(documented) == sorted(xsb_core.__all__)


def test_architecture_names_what_is_there():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    library = ROOT / "xsb_core"
    assert sorted(rooms) == sorted(path.parent.name for path in library.glob("*/__init__.py"))
    for path in re.findall(r"`([\w.]+/[\w./]+)`", page):
        assert (ROOT / path).exists() or (library / path).exists(), path


def test_functions_of_the_library_page_are_public():
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    listed = page.split("```")[-1]
    names = set(re.findall(r"`([a-z]\w+)\(", listed)) | set(re.findall(r"`(\w+_\w+)`", listed))
    # settings and fields of a result are named there too
    fields = {*inspect.signature(xsb_core.attribute).parameters}
    assert names - fields <= set(xsb_core.__all__)


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Iterator[dict[str, object]]:
    """What the page of public names says its examples begin with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("examples"))
        names: dict[str, object] = {}
        exec(re.search(r"```python\n(.*?)```", API, re.DOTALL)[1], names)
        yield names


@pytest.mark.parametrize("name", [name for name in EXPLAINED if name not in GIVEN])
def test_examples_run(name, session):
    own = getattr(xsb_core, name)
    test = doctest.DocTestParser().get_doctest(inspect.getdoc(own), session, name, None, None)
    assert test.examples, f"{name} has no example"
    told: list[str] = []
    doctest.DocTestRunner().run(test, out=told.append, clear_globs=False)
    assert not told, "".join(told)


def test_what_is_only_given_is_public():
    assert set(EXPLAINED) >= GIVEN


def test_cited_sections_of_the_method_exist():
    sections = set(re.findall(r"^## (\d+)\. ", METHOD, re.MULTILINE))
    cited, told = set(), []
    for folder in ("xsb_core", "pages", "tests", "benchmarks"):
        for file in (ROOT / folder).rglob("*.py"):
            text = re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
            told += [file.name for _ in re.findall(r"METHOD(?:\.md)?,? (?:section|\d)", text)]
            for some in re.findall(r"method\.md, sections? ([\d, and to]+)", text):
                cited |= set(re.findall(r"\d+", some))
    assert not told  # the document of that name is none of this repository
    assert cited
    assert cited <= sections


@pytest.mark.parametrize("encoder", ["shelf", "exact"])
def test_sums_of_both_cosines(encoder):
    loaded = xsb_core.load_encoder(encoder, device="cpu")
    (told,) = re.findall(rf"^\| {encoder} \| (.*) \|$", METHOD, re.MULTILINE)
    expected, *sums = told.split(" | ")
    for cosine, own in zip(("through", "endpoint"), sums, strict=True):
        result = xsb_core.attribute(
            loaded,
            "The film was good.",
            "The movie was not bad.",
            4,
            cosine=cosine,
            tolerance=1e-5,
            steps=32,
            work_limit=2_000,  # what has no limit would be sampled for minutes
        )
        assert result.converged == (own != "does not converge")
        if result.converged:
            assert f"{result.sum_matrix:.4f}" == own
        terms = result.reference_terms
        assert f"{result.score - terms.a_rb - terms.b_ra + terms.ra_rb:.4f}" == expected
