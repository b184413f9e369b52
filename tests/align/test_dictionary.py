"""Word lists compiled and laid over the dictionary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.aligner import Aligner
from tmalign.align.dictionary import compile_entries, gloss_stems
from tmalign.align.equipment import Equipment
from tmalign.align.tables import WordTable, word_hashes, write_table
from tmalign.errors import FormatError, MissingFileError
from tmalign.model import Segment


@dataclass(frozen=True)
class Entry:
    words: tuple
    glosses: tuple
    readings: tuple = ()
    usual: bool = True


def test_weights_by_hand():
    compiled = compile_entries([Entry(("護衛艦",), ("destroyer", "escort vessel (n)"), ("ごえいかん",), usual=False)])
    word, reading = compiled.cells["護衛艦"], compiled.cells["ごえいかん"]
    assert set(word) == set(reading) == {"destroy", "escort", "vessel"}
    assert word["destroy"][0] == pytest.approx(1 / 2**0.5)
    assert word["vessel"][0] == pytest.approx(1 / 2**0.7 / 2**0.5)
    assert reading["destroy"][0] == pytest.approx(0.6 / 2**0.5)


def test_terms_without_use_are_counted():
    compiled = compile_entries(
        [Entry(("甲",), ("of the", "one two three four five six seven eight nine ten")), Entry(("乙",), ("ship",))]
    )
    assert (compiled.entries, compiled.unusable, set(compiled.cells)) == (2, 2, {"乙"})


def test_full_width_words_are_listed_as_they_are_looked_up():
    assert set(compile_entries([Entry(("ＡＩ戦略",), ("AI strategy",))]).cells) == {"AI戦略"}
    assert gloss_stems("(n) {comp} ships") == ["ship"]


WORDS = st.dictionaries(
    st.sampled_from("甲乙丙丁戊"),
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.floats(0.01, 1)), min_size=1),
    max_size=5,
)


@pytest.fixture
def table(tmp_path):
    def make(name, cells, **meta):
        write_table(tmp_path / f"{name}.table", cells, ("weight",), {"name": name, **meta})
        return WordTable(tmp_path / f"{name}.table")

    return make


def looked_up(table, ja, en):
    row, column, place = table.cells(table.rows(word_hashes(ja)), table.columns(word_hashes(en)))
    found = list(zip(row.tolist(), column.tolist(), table.weights["weight"][place].tolist(), strict=True))
    assert len({cell[:2] for cell in found}) == len(found)
    return {(ja[i], en[j]): weight for i, j, weight in found}


@given(WORDS, WORDS, WORDS)
def test_tables_read_as_one(tmp_path_factory, first, second, third):
    folder = tmp_path_factory.mktemp("tables")
    tables = []
    for k, cells in enumerate((first, second, third)):
        write_table(folder / f"{k}.table", cells, ("weight",), {"name": str(k)})
        tables.append(WordTable(folder / f"{k}.table"))
    joined = tables[0].overlaid(tables[1]).overlaid(tables[2])
    ja, en = list("戊丁丙乙甲己"), list("fedcbag")
    wanted: dict = {}
    for part in tables:
        for cell, weight in looked_up(part, ja, en).items():
            wanted[cell] = max(weight, wanted.get(cell, 0))
    assert looked_up(joined, ja, en) == wanted
    assert set(np.asarray(joined.keys).tolist()) == {k for part in tables for k in part.keys.tolist()}


def test_tables_of_other_weights_do_not_go_together(table, tmp_path):
    write_table(tmp_path / "p.table", {"甲": {"a": (0.5, 0.5)}}, ("to_en", "to_ja"), {"name": "p"})
    with pytest.raises(FormatError):
        table("d", {"甲": {"a": (0.5,)}}).overlaid(WordTable(tmp_path / "p.table"))


def test_a_word_of_ones_own_aligns_what_nothing_else_could(tmp_path):
    ja = [Segment("ゾルマ計画を見直す。"), Segment("甲乙部会が続いた。")]
    en = [Segment("Sessions of that panel went on."), Segment("The blue heron effort is to be redone.")]
    cells = compile_entries(
        [
            Entry(("ゾルマ",), ("blue heron effort",)),
            Entry(("ゾルマ計画",), ("blue heron effort",)),
            Entry(("見直す",), ("redone",)),
        ]
    ).cells
    write_table(tmp_path / "my.table", cells, ("weight",), {"name": "my", "user": True})
    plain, mine = Aligner(), Equipment(lexicons=(tmp_path / "my.table",))()
    pair = ja[:1], en[1:]
    before, after = (aligner.align("a", *pair).pair_probability for aligner in (plain, mine))
    assert after > before
    assert mine.signature != plain.signature
    assert "+my:" in mine.signature


def test_the_signature_follows_the_content(tmp_path):
    signatures = set()
    for gloss in ("ship", "boat"):
        write_table(
            tmp_path / "my.table",
            compile_entries([Entry(("船",), (gloss,))]).cells,
            ("weight",),
            {"name": "my", "user": True},
        )
        signatures.add(Equipment(lexicons=(tmp_path / "my.table",))().signature)
    assert len(signatures) == 2


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(MissingFileError):
        Equipment(lexicons=(tmp_path / "none.table",))()
