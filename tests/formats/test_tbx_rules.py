"""The TBX we write keeps the rules of TBX-Basic, written down as RELAX NG; OmegaT's schema agrees, where installed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tmalign.formats.tbx import write_tbx
from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus

RULES = Path(__file__).parent / "tbx_rules"
NAMES = {"dca": "dca.rng", "dct": "dct.rng", "2008": "martif.rng"}
FULL = TermEntry(
    "t0123456789abcdef", "現状変更の試み", "phrase",
    (
        TermRendering("attempts to change the status quo", variants=("any attempts",), status=TermStatus.APPROVED,
                      preferred=True, note="the fixed form"),
        TermRendering("changes", status=TermStatus.DEPRECATED),
        TermRendering("one-sided changes", status=TermStatus.FORBIDDEN, note='never & "never" <b>'),
        TermRendering("attempts"),
        TermRendering("moves", status=TermStatus.APPROVED),
    ),
    releases=("defence/a",), variants=("現状変更",), acronyms=("UACSQ",), note="from joint statements",
    contexts=(
        TermContext("反対した。", "They opposed it.", release="defence/a", date="2031-01-02"),
        TermContext("再", "again"),
    ),
)  # fmt: skip
PLAIN = TermEntry("tfedcba9876543210", "地域情勢", "", (TermRendering("regional situation"),))
TEXT = st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8)
ENTRY = st.builds(
    TermEntry,
    st.text("abc01 <", max_size=3),
    TEXT,
    st.sampled_from(["", "title"]),
    st.lists(
        st.builds(TermRendering, TEXT, note=TEXT, status=st.sampled_from(TermStatus), variants=st.tuples(TEXT)),
        min_size=1,
        max_size=3,
    ).map(tuple),
    releases=st.tuples(TEXT),
    note=TEXT,
    contexts=st.tuples(st.builds(TermContext, TEXT, TEXT, release=TEXT)),
)
OMEGAT = Path("/usr/share/omegat/OmegaT.jar")


def rules(dialect):
    return etree.RelaxNG(etree.parse(RULES / NAMES[dialect]))


def written(entries, dialect):
    stream = io.BytesIO()
    write_tbx(stream, entries, dialect)
    return stream.getvalue()


@pytest.mark.parametrize("dialect", NAMES)
def test_what_is_written_keeps_the_rules(dialect):
    schema = rules(dialect)
    schema.assertValid(etree.fromstring(written([FULL, PLAIN, replace(PLAIN, id="not a name")], dialect)))


BREAKS = [
    ("preferredTerm-admn-sts", "bestTerm"),
    ("TBX-Basic", "TBX-Other"),
    ('xml:lang="ja"', ""),
    ("<term>地域情勢</term>", ""),
    ("<term>地域情勢</term>", "<term></term>"),
    ("<text>", "<text><note>x</note>"),
    ("acronym", "nickname"),
    ("<note>the fixed form</note>", "<remark>the fixed form</remark>"),
]


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize(("good", "bad"), BREAKS)
def test_the_rules_find_what_is_wrong(dialect, good, bad):
    text = written([FULL, PLAIN], dialect).decode()
    assert good in text
    assert not rules(dialect).validate(etree.fromstring(text.replace(good, bad, 1).encode()))


def test_two_concepts_never_share_an_id():
    text = written([FULL, FULL], "dca")
    rules("dca").assertValid(etree.fromstring(text))
    assert text.count(f'"{FULL.id}"'.encode()) == 1


@settings(max_examples=40, deadline=None)
@given(ENTRY)
def test_any_term_keeps_the_rules(entry):
    for dialect in NAMES:
        document = etree.fromstring(written([entry, PLAIN], dialect))
        rules(dialect).assertValid(document)


@pytest.mark.skipif(not OMEGAT.exists(), reason="OmegaT is not installed")
def test_omegats_schema_takes_the_older_tbx(tmp_path):
    with zipfile.ZipFile(OMEGAT) as jar:
        for name in ("schemas/tbx.xsd", "schemas/xml.xsd"):
            jar.extract(name, tmp_path)
    schema = etree.XMLSchema(etree.parse(tmp_path / "schemas/tbx.xsd"))
    schema.assertValid(etree.fromstring(written([FULL, PLAIN], "2008")))
