"""How docs/reproduction.md comes to its verdicts, and what computes its figures."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from benchmarks.reproduction import bases
from benchmarks.reproduction.published_rule import compared
from benchmarks.reproduction.references import reference_table
from benchmarks.reproduction.rules import (
    FAILS,
    HOLDS,
    WEAKER,
    Estimate,
    both,
    mean,
    percentile,
    rank_correlation,
    share,
)
from benchmarks.reproduction.table import CLAIMS
from xsb_core import attribute
from xsb_core.encoders.ready import ASSETS
from xsb_core.studies.lexical.same_tokens import TokenCells
from xsb_core.studies.syntax.word_pairs import WordPairs
from xsb_core.training.data import ScoredPairs

STSB = ("stsb/measures", "stsb/agreements")

PAIRS = ScoredPairs(
    ("A man plays a guitar.", "The dog sleeps.", "It rained all day long."),
    ("Someone makes music.", "A cat sits there.", "A man plays a guitar."),
    np.array([0.9, 0.4, 0.0]),
)


def test_a_claim_of_a_level():
    assert Estimate(0.78, 0.75, 0.81).at_least(0.81) == HOLDS
    assert Estimate(0.9, 0.89, 0.91).at_least(0.81) == HOLDS
    assert Estimate(0.6, 0.59, 0.61).at_least(0.81) == WEAKER
    assert Estimate(0.1, -0.1, 0.3).at_least(0.81) == FAILS
    assert Estimate(0.6, 0.45, 0.7).at_least(0.81, floor=0.5) == FAILS
    assert Estimate(0.1, 0.08, 0.12).at_most(0.09) == HOLDS
    assert Estimate(0.3, 0.2, 0.4).at_most(0.09) == WEAKER
    assert Estimate(0.5, 0.4, 0.6).at_most(0.09) == FAILS


def test_a_claim_of_parts():
    assert both(HOLDS, HOLDS) == HOLDS
    assert both(HOLDS, FAILS) == both(WEAKER, HOLDS) == WEAKER
    assert both(FAILS, FAILS) == FAILS


def test_intervals_hold_what_they_are_of():
    """95% intervals of 200 samples: about 190 hold the truth, at least 180 (4.9 deviations)."""
    random = np.random.default_rng(0)
    held = np.zeros(4)
    for _ in range(200):
        x = random.normal(0.3, 1, 80)
        y = x + random.normal(0, 1, 80)
        found = (
            (mean(x), 0.3),
            (share(x > 0.3), 0.5),
            (percentile(x, 0.5), 0.3),
            # Spearman's of a normal pair with Pearson's r: 6/π · arcsin(r/2)
            (rank_correlation(x, y), 6 / np.pi * np.arcsin(np.sqrt(0.5) / 2)),
        )
        held += [one.low <= truth <= one.high for one, truth in found]
    assert (held >= 180).all()
    assert (held < 200).all()
    assert mean(np.array([1.0, np.nan, 3.0])).value == 2


def test_reference_terms_of_embeddings_are_those_of_attributions(minilm):
    table = reference_table(minilm, PAIRS)
    for at, row in table.iterrows():
        result = attribute(minilm, PAIRS.a[at], PAIRS.b[at], 5)
        terms = result.reference_terms
        assert row["score"] == pytest.approx(result.score, abs=1e-5)
        assert (row["a_rb"], row["b_ra"], row["ra_rb"]) == pytest.approx(
            (terms.a_rb, terms.b_ra, terms.ra_rb), abs=1e-5
        )


def test_the_published_rule_is_compared_with_converged_cells(minilm):
    found = compared(minilm, PAIRS, 0, 5)
    assert found["residual_converged"] <= 1e-3 < found["residual"]
    assert 0 < found["worst"] < 0.2
    assert 0 <= found["flipped_weight"] <= found["flipped"] < 0.2
    assert found["spearman"] > 0.95


def test_studies_of_the_papers_model_count_as_soon_as_they_are_there(tmp_path):
    """Those of MiniLM under the other names and in the other places give the same figures."""
    names = {old: bases.MPNET.models[variant] for variant, old in bases.MINILM.models.items()}
    named = {
        f"{old}{end}": f"{new}{end}" for old, new in names.items() for end in ("", " (endpoint)")
    }
    for place in ("negation/plain", "negation/endpoint", "adjectives/paper", *STSB):
        table = pd.read_parquet(ASSETS / "studies" / f"{place}.parquet")
        for column in {"model", "run", "run_1", "run_2"} & set(table):
            table[column] = table[column].astype(str).map(named)
        (tmp_path / place).parent.mkdir(exist_ok=True)
        table.to_parquet(tmp_path / f"{place}.parquet")
    for kind in (TokenCells, WordPairs):
        (tmp_path / kind.KIND).mkdir()
        for study in kind.shipped("paper"):
            name = names[study.model]
            study = dataclasses.replace(study, settings=study.settings | {"model": name})
            study.save(tmp_path / kind.KIND / study.file_name)
    lines = bases.MINILM.evaluation.read_text(encoding="utf-8")
    for old, new in names.items():
        lines = lines.replace(f'"{old}"', f'"{new}"')
    (tmp_path / "evaluation.jsonl").write_text(lines, encoding="utf-8")
    there = dataclasses.replace(
        bases.MPNET, blocks=6, layer=4, studies=tmp_path, evaluation=tmp_path / "evaluation.jsonl"
    )
    for claim in CLAIMS:
        assert claim.found(there).figure == claim.found(bases.MINILM).figure
