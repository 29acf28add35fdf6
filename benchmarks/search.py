"""What Search shows, measured: does it mark the answer, do its bars add up, how long does it take.

    python benchmarks/search.py answers [MODEL …]
    python benchmarks/search.py contrasts [MODEL …]
    python benchmarks/search.py sizes [MODEL …]
    python benchmarks/search.py pace

Models are names, hub ids or folders. ``answers`` reads benchmarks/answers.txt, written for this: 60
questions, each with a text of which one sentence answers it. ``sizes`` compares weights by the size
of whole factors with those by what the query sees of them (docs/method.md, section 7).
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks/

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from benchmarks.pair import machine
from xsb_core import (
    Encoder,
    Ranking,
    Recipe,
    contrast,
    explain_hits,
    load_encoder,
    open_documents,
    pair_attribution,
    rank,
    text_factors,
)
from xsb_core.encoders.ready import ASSETS
from xsb_core.evidence.deletion import Deletions
from xsb_core.evidence.findings import interval
from xsb_core.search.explanation import explained

QUESTIONS = Path(__file__).with_name("answers.txt")
PAIRS = 200
SHORT_QUERIES = (
    "When does the ferry leave?",
    "How do I return a broken kettle",
    "side effects of the medicine",
    "bananas",
    "cheap flights with a dog",
)


@dataclass(frozen=True)
class Question:
    """A question, the sentences of its text, which of them answers, and how."""

    text: str
    sentences: tuple[str, ...]
    answer: int
    kind: str


def questions() -> list[Question]:
    """The questions of the file."""
    found, kind = [], ""
    for block in QUESTIONS.read_text().strip().split("\n\n"):
        if block.startswith("# "):
            kind = block[2:]
            continue
        question, *lines = block.splitlines()
        sentences = [part for line in lines for part in _sentences(line)]
        (answer,) = (at for at, part in enumerate(sentences) if part.startswith("* "))
        plain = tuple(part.removeprefix("* ") for part in sentences)
        found.append(Question(question.removeprefix("? "), plain, answer, kind))
    return found


def _sentences(line: str) -> list[str]:
    """Every sentence of the file ends in a full stop before a space, and nothing else does."""
    return [part + "." for part in line.removesuffix(".").split(". ")]


def answers(encoder: Encoder) -> list[str]:
    """How often the sentence that is marked is the answer, and how often the most similar one."""
    rows = []
    for one in questions():
        (hit,) = rank(encoder, one.text, [" ".join(one.sentences)]).hits
        # which sentence gives most is asked for, not how much to the last digit
        (found,) = explain_hits(encoder, [hit], recipe=Recipe(tolerance=1e-2))
        texts = tuple(hit.text[span.start : span.end] for span in found.spans)
        assert texts == one.sentences, texts
        answer = one.sentences[one.answer]
        shared = [len(_words(one.text) & _words(part)) for part in one.sentences]
        rows.append(
            {
                "kind": one.kind,
                "marked": found.carrier == found.spans[one.answer],
                "nearest": rank(encoder, one.text, one.sentences).hits[0].text == answer,
                "most words shared, ties counted": shared[one.answer] == max(shared),
            }
        )
    table = pd.DataFrame(rows)
    lines = []
    for kind, some in [("all", table), *table.groupby("kind", sort=False)]:
        marked, nearest, words = (_share(some[name]) for name in table.columns[1:])
        lines.append(f"{kind}: marked {marked}; nearest embedding {nearest}; most words {words}")
    difference = (table["marked"] * 1.0 - table["nearest"]).to_numpy()
    only, other = int((difference > 0).sum()), int((difference < 0).sum())
    p = binomtest(only, only + other).pvalue if only + other else 1.0
    low, high = interval(difference)
    return [
        *lines,
        f"marked less nearest: {difference.mean():+.2f} [{low:+.2f}, {high:+.2f}]; {only} right by "
        f"the mark alone, {other} by the nearest alone, p = {p:.2f}",
    ]


def _words(text: str) -> set[str]:
    return set(text.lower().strip("?.").replace(",", "").split())


def _share(right: pd.Series) -> str:
    found = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
    return f"{right.sum()} of {len(right)} [{found.low:.2f}, {found.high:.2f}]"


def contrasts(encoder: Encoder) -> list[str]:
    """Whether the bars of pairs of hits add up to the difference of what ``rank`` gives them."""
    asked = [one.text for one in questions()[::3]]
    texts = [" ".join(one.sentences) for one in questions()]
    long = [" ".join(texts[at : at + 14]) for at in range(0, 48, 8)]
    lines = []
    for name, docs, prompts in (
        ("as they are", texts[::3], (None, None)),
        ("behind prompts", texts[::3], ("question: ", "passage: ")),
        ("cut at the model's limit", long, (None, None)),
    ):
        how = encoder.instructions(prompts)
        queries = {text: text_factors(encoder, text, prompt=how[0], unit="words") for text in asked}
        found = {
            text: text_factors(encoder, text, prompt=how[1], unit="sentences") for text in docs
        }
        hits = {text: rank(encoder, text, docs, top=None, prompts=prompts).hits for text in asked}
        random.seed(19)
        off, ratios = [], []
        for _ in range(PAIRS):
            query = random.choice(asked)
            one, other = (
                explained(hit, queries[query], found[hit.text])
                for hit in random.sample(hits[query], 2)
            )
            bars = contrast(one, other)
            off.append(abs(bars.differences.sum() - (one.hit.score - other.hit.score)))
            ratios.append(off[-1] / bars.error)
        cut = sum(one.side.cut for one in found.values())
        lines.append(
            f"{name} ({cut} of {len(docs)} texts cut): {sum(ratio <= 2 for ratio in ratios)} of "
            f"{PAIRS} pairs within twice the stated error; off by {max(ratios):.2f} times it and "
            f"{max(off):.1e} at most"
        )
    return lines


def sizes(encoder: Encoder) -> list[str]:
    """Which weights of net cells say better what the model does without a word."""
    docs = [one.text for one in open_documents(ASSETS / "sample-documents.csv")][::2]
    rows = []
    for query in SHORT_QUERIES:
        asked = text_factors(encoder, query)
        for text in docs:
            whole = text_factors(encoder, text)
            basis = asked.sight
            token = replace(whole.token, factors=whole.token.factors @ basis.T @ basis)
            results = [pair_attribution(asked, one) for one in (whole, replace(whole, token=token))]
            deletions = Deletions(encoder, results[0])
            words_a, words_b = deletions.groups_a, deletions.groups_b
            for name, result in zip(("whole", "seen"), results, strict=True):
                net = result.net_matrix
                totals = np.array([net[:, list(group)].sum() for group in words_b])
                cells = [[net[np.ix_(row, column)].sum() for column in words_b] for row in words_a]
                first = np.argsort(-totals, kind="stable")[:4]
                rows.append(
                    {
                        "sizes": name,
                        "with leaving words out": np.corrcoef(totals, deletions.leave_one_out[1])[
                            0, 1
                        ],
                        "with interactions": np.corrcoef(
                            np.ravel(cells), deletions.interactions.ravel()
                        )[0, 1],
                        "fall without the first four": deletions.drops(1, [first]).mean(),
                    }
                )
    table = pd.DataFrame(rows).set_index("sizes")
    lines = [f"{len(docs) * len(SHORT_QUERIES)} pairs"]
    for name in table:
        whole, seen = (table.loc[kind, name].to_numpy() for kind in ("whole", "seen"))
        low, high = interval(seen - whole)
        lines.append(
            f"{name}: whole {whole.mean():.3f}, seen {seen.mean():.3f}, difference "
            f"{(seen - whole).mean():+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    return lines


def pace() -> list[str]:
    """One query and ten results of 100 words; then 1,000 and 10,000 documents in a pipe."""
    encoder = load_encoder(device="cpu")
    docs = hundred_words(20)
    list(explain_hits(encoder, rank(encoder, "Warm up?", docs[:1]).hits))
    query = "When does the last bus to the airport leave?"
    start = time.perf_counter()
    ranking = rank(encoder, query, docs[10:])
    lines = [f"ranking ten results: {time.perf_counter() - start:.2f} s (to meet: 1)"]
    for unit, limit in (("sentences", 5), ("words", 25)):
        lines.append(_explaining(encoder, ranking, unit, limit))
    lines.append(_against_encoding(encoder))
    peaks = [_peak(count) for count in (1_000, 10_000)]
    lines.append(
        "xsb rank from a pipe, peak memory: "
        f"{peaks[0]:,.0f} MiB with 1,000 documents, {peaks[1]:,.0f} MiB with 10,000"
    )
    return lines


def hundred_words(count: int) -> list[str]:
    """Documents of 100 words, sentences of the questions' texts, each in an order of its own."""
    random.seed(0)
    pool = [sentence for one in questions() for sentence in one.sentences]
    return [" ".join(" ".join(random.sample(pool, 16)).split()[:100]) for _ in range(count)]


def _explaining(encoder: Encoder, ranking: Ranking, unit: str, limit: int) -> str:
    start, used, first = time.perf_counter(), time.process_time(), 0.0
    for _ in explain_hits(encoder, ranking.hits, unit):
        first = first or time.perf_counter() - start
    return (
        f"explained by {unit}: the first after {first:.2f} s, all ten after "
        f"{time.perf_counter() - start:.2f} s (to meet: {limit}), "
        f"{time.process_time() - used:.1f} s of processor time"
    )


def _against_encoding(encoder: Encoder) -> str:
    """A ranking's processor time over that of encoding alone, 2,000 documents of 100 words."""
    docs = hundred_words(2_000)
    model: Any = encoder.model
    start = time.process_time()
    model.encode(docs, show_progress_bar=False)
    encoding, start = time.process_time() - start, time.process_time()
    rank(encoder, "When does the last bus leave?", docs)
    ranking = time.process_time() - start
    return (
        f"2,000 documents ranked: {ranking:.0f} s of processor time, {ranking / encoding:.2f} "
        f"times that of encoding them ({encoding:.0f} s)"
    )


def _peak(count: int) -> float:
    """MiB of a process that ranks so many documents from its standard input."""
    with tempfile.TemporaryFile("w+") as pipe:
        for number, text in enumerate(hundred_words(count)):
            pipe.write(json.dumps({"id": str(number), "text": f"{number}. {text[:60]}"}) + "\n")
        pipe.seek(0)
        command = [sys.executable, "-m", "xsb_core", "rank", "--docs", "-", "--query", "A bus?"]
        process = subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return used.ru_maxrss / 1024


def main() -> None:
    """Prints one part's figures, a model after the other."""
    part, *models = sys.argv[1:] or ["pace"]
    print(machine(), flush=True)
    if part == "pace":
        print(*pace(), sep="\n")
        return
    measure = {"answers": answers, "contrasts": contrasts, "sizes": sizes}[part]
    for model in models or [None]:
        encoder = load_encoder(model, device="cpu")
        for line in measure(encoder):
            print(f"{encoder.name}, {line}", flush=True)


if __name__ == "__main__":
    main()
