"""A small invented reference in both languages, and two systems for each direction."""

from __future__ import annotations

from itertools import groupby

import pytest

from tmalign.memory.store import Store
from tmalign.model import Alignment, Bead, Block, BlockKind, Document, Release, Sentence, Unit
from tmalign.scoring.material import ReferenceDocument, References

# Invented for these tests: (release, collection, date, Japanese, English).
ROWS = [
    ("a/one", "a", "2023-04-01", "防衛大臣は会談を行った。", "The Minister of Defense held a meeting."),
    (
        "a/one",
        "a",
        "2023-04-01",
        "両者は防衛協力について意見を交換した。",
        "They exchanged views on defense cooperation.",
    ),
    ("a/one", "a", "2023-04-01", "会談は15時30分に始まった。", "The meeting began at 3:30 p.m."),
    ("a/two", "a", "2024-05-02", "政府は12億円を支出する。", "The government will spend 1.2 billion yen."),
    ("a/two", "a", "2024-05-02", "令和3年に協定が結ばれた。", "The agreement was concluded in 2021."),
    ("b/three", "b", "", "弾道ミサイルが発射された。", "A ballistic missile was launched."),
    ("b/three", "b", "", "我が国は強く抗議した。", "Japan protested strongly."),
    ("b/three", "b", "", "詳細は確認中である。", "The details are being confirmed."),
]


@pytest.fixture
def rows():
    return ROWS


@pytest.fixture
def references(rows):
    documents = {}
    for release, collection, _, ja, en in rows:
        documents.setdefault((release, collection), []).append((ja, en))
    return References(
        "reference",
        "en",
        tuple(
            ReferenceDocument(name, tuple(en for _, en in texts), tuple(ja for ja, _ in texts), collection)
            for (name, collection), texts in documents.items()
        ),
        notes=("a note",),
    )


@pytest.fixture
def units():
    return [
        Unit(
            ja=ja, en=en, release=release, collection=collection, date=date, probability=0.9 + number / 100,
            ja_spans=(), en_spans=(), position=number,
        )
        for number, (release, collection, date, ja, en) in enumerate(ROWS)
    ]  # fmt: skip


@pytest.fixture
def english():
    """Two systems into English."""
    return {
        "careful": [
            "The Defense Minister held a meeting.",
            "Both sides exchanged views on cooperation in defense.",
            "The meeting began at 15:30.",
            "The government will spend 1.2 billion yen.",
            "The agreement was signed in 2021.",
            "Ballistic missiles were launched.",
            "Japan protested strongly.",
            "Details are being checked.",
        ],
        "hasty": [
            "The defence chief met.",
            "They talked.",
            "The talks began at 3 p.m.",
            "The government will spend 12 billion yen.",
            "An agreement was made in 2020.",
            "A missile was launched.",
            "Our country protested.",
            "Details are being confirmed.",
        ],
    }


@pytest.fixture
def write(tmp_path):
    """Give a function that writes lines to a file and returns its path."""

    def write(name, lines, end="\n"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(line + end for line in lines).encode())
        return path

    return write


@pytest.fixture
def store_of():
    """Give a function that makes a store of units, as releases of their own documents."""

    def make(path, units):
        with Store(path) as store:
            for name, group in groupby(units, key=lambda unit: unit.release):
                found = list(group)
                sides = {
                    language: Document(
                        name,
                        language,
                        name,
                        found[0].date,
                        tuple(Block(BlockKind.PARAGRAPH, "", getattr(unit, language)) for unit in found),
                        f"{name}.{language}.txt",
                    )
                    for language in ("ja", "en")
                }
                sentences = {
                    language: [Sentence(n, 0, len(block.text)) for n, block in enumerate(document.blocks)]
                    for language, document in sides.items()
                }
                beads = tuple(Bead(range(n, n + 1), range(n, n + 1), 0.9) for n in range(len(found)))
                store.save_release(
                    Release(name, found[0].collection, sides["ja"], sides["en"]),
                    sentences,
                    Alignment(name, beads, 1.0, "translation", "test"),
                    found,
                )
        return path

    return make
