"""Term files: round trips keep what the format can hold, the rest is counted, hostile files do nothing."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tmalign.errors import InputError
from tmalign.formats.glossary import read_glossary, write_glossary
from tmalign.formats.tbx import write_tbx
from tmalign.formats.tbx_reading import read_tbx
from tmalign.formats.term_jsonl import read_jsonl, write_jsonl
from tmalign.formats.term_rows import as_row, from_row
from tmalign.formats.term_table import TITLES, read_csv, read_xlsx, write_csv, write_xlsx
from tmalign.formats.termfile import TermsRead
from tmalign.formats.utx import read_utx, write_utx
from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus
from tmalign.terms.entry import term_key

FULL = TermEntry(
    id="t0123456789abcdef",
    ja="力による一方的な現状変更の試み",
    kind="phrase",
    renderings=(
        TermRendering(
            "unilateral attempts to change the status quo by force", 7, "2031-01-02", "2032-03-04",
            ("any unilateral attempts",), TermStatus.APPROVED, preferred=True, note="the fixed form",
            valid_from="2030-01-01", valid_until="2040-01-01",
        ),
        TermRendering("unilateral changes", 2, status=TermStatus.DEPRECATED),
        TermRendering("one-sided changes", status=TermStatus.FORBIDDEN, note='never & "never" <b>'),
        TermRendering("unilateral attempts", 1, "2031-01-02", "2031-01-02"),
    ),
    count=10,
    score=12.5,
    confidence=0.97,
    releases=("defence/2031-a", "defence/2032-b"),
    first="2031-01-02",
    last="2032-03-04",
    variants=("一方的な現状変更", "現状変更|試み\\"),
    acronyms=("UACSQ",),
    contexts=(
        TermContext("現状変更の試みに反対した。", "They opposed attempts.", (0, 7), (13, 21), "defence/2031-a",
                    "2031-01-02"),
        TermContext("再び反対した。", "They did so again.", release="defence/2032-b"),
    ),
    note="from joint statements",
)  # fmt: skip
PLAIN = TermEntry("tfedcba9876543210", "地域情勢", "", (TermRendering("regional situation"),))


def through(tmp_path, write, read, *entries, name="terms.bin", **options):
    path = tmp_path / name
    with path.open("wb") as stream:
        report = write(stream, entries, **options)
    return read(path), report


def bare(entry):
    """Leave what TBX-Basic has places for."""
    return replace(
        entry,
        count=0, score=0.0, confidence=0.0, first="", last="",
        renderings=tuple(
            replace(r, count=0, first="", last="", valid_from="", valid_until="") for r in entry.renderings
        ),
        contexts=tuple(replace(c, ja_span=(0, 0), en_span=(0, 0)) for c in entry.contexts),
    )  # fmt: skip


def test_json_lines_lose_nothing(tmp_path):
    read, report = through(tmp_path, write_jsonl, read_jsonl, FULL, PLAIN)
    assert read.entries == (FULL, PLAIN)
    assert (report.terms, report.renderings, report.lost) == (2, 5, {})


@pytest.mark.parametrize("dialect", ["dca", "dct", "2008"])
def test_tbx_keeps_what_it_has_places_for_and_counts_the_rest(tmp_path, dialect):
    read, report = through(tmp_path, write_tbx, read_tbx, FULL, PLAIN, dialect=dialect)
    assert read.entries == (bare(FULL), PLAIN)
    assert read.refused == ()
    assert read.ignored == {}
    assert report.lost == {
        "confidences": 1, "counts of use": 4, "dates of use": 3, "scores": 1, "validity dates": 2
    }  # fmt: skip


@pytest.mark.parametrize(("write", "read", "name"), [(write_csv, read_csv, "t.csv"), (write_xlsx, read_xlsx, "t.xlsx")])
def test_tables_keep_all_but_places_in_contexts(tmp_path, write, read, name):
    entries, report = through(tmp_path, write, read, FULL, PLAIN, name=name)
    contexts = tuple(replace(c, ja_span=(0, 0), en_span=(0, 0)) for c in FULL.contexts)
    assert entries.entries == (replace(FULL, contexts=contexts), PLAIN)
    assert report.lost == {"places of the phrase in its contexts": 2}


def test_utx_keeps_status_comment_and_forms(tmp_path):
    read, report = through(tmp_path, write_utx, read_utx, FULL, PLAIN, date="2032-03-04")
    first, second = read.entries
    assert (first.id, first.ja, first.variants) == (FULL.id, FULL.ja, FULL.variants)
    assert [(r.en, r.status, r.note, r.preferred) for r in first.renderings] == [
        (r.en, r.status, r.note, r.preferred) for r in FULL.renderings
    ]
    assert second == PLAIN
    assert report.lost["contexts"] == 2
    assert report.lost["variants"] == 1
    head = (tmp_path / "terms.bin").read_bytes().split(b"\r\n")
    assert head[0] == b"#UTX 1.20; ja-JP/en-US; 2032-03-04T00:00:00Z; creator: tmalign"
    assert head[1] == b"#src\ttgt\tsrc:pos\tterm status\tcomment\tconcept ID"
    assert head[-1] == b""


def test_utx_of_the_other_direction_and_an_older_version(tmp_path):
    path = tmp_path / "a.utx"
    path.write_bytes(
        "\ufeff#UTX-S 1.11; en/ja; 2012\r\n#src\ttgt\tsrc:pos\r\nstatus quo\t現状\tnoun\r\n\t欠け\tnoun\r\n".encode()
    )
    read = read_utx(path)
    assert [(entry.ja, entry.en) for entry in read.entries] == [("現状", "status quo")]
    assert [(skip.path, skip.message) for skip in read.refused] == [(f"{path}:4", "one of the two terms is missing")]


def test_the_glossary_offers_only_what_may_be_used(tmp_path):
    read, report = through(tmp_path, write_glossary, read_glossary, FULL)
    lines = (tmp_path / "terms.bin").read_text(encoding="utf-8").split("\n")
    assert lines[0] == (
        "力による一方的な現状変更の試み\tunilateral attempts to change the status quo by force\t"
        "preferred; phrase; the fixed form; from joint statements"
    )
    assert len(lines) == 1 + 2 * 3 + 1
    assert not any("one-sided" in line or "unilateral changes" in line for line in lines)
    assert report.lost["forbidden renderings"] == 1
    assert report.lost["deprecated renderings"] == 1
    assert {entry.ja for entry in read.entries} == {FULL.ja, *FULL.variants}


def test_the_glossary_from_english(tmp_path):
    read, _ = through(tmp_path, write_glossary, lambda path: read_glossary(path, "en"), FULL, source="en")
    lines = (tmp_path / "terms.bin").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[0] for line in lines] == [
        "unilateral attempts to change the status quo by force",
        "any unilateral attempts",
        "unilateral attempts",
        "UACSQ",
    ]
    assert read.entries[0].ja == FULL.ja


def test_a_spreadsheet_of_ones_own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(
        (
            "日本語;英語;備考;価格\r\n地域情勢;regional situation;よく使う;100\r\n"
            "地域情勢;regional affairs;;\r\n;x;;\r\n"
        ).encode("cp932")
    )
    read = read_csv(path)
    assert [(e.ja, [(r.en, r.note) for r in e.renderings]) for e in read.entries] == [
        ("地域情勢", [("regional situation", "よく使う"), ("regional affairs", "")])
    ]
    assert read.ignored == {"価格": 1}
    assert [skip.path for skip in read.refused] == [f"{path}:4"]


def test_the_workbook_has_filters_and_a_frozen_header_and_no_formulas(tmp_path):
    from openpyxl import load_workbook  # noqa: PLC0415 - the oracle

    evil = replace(PLAIN, ja="=HYPERLINK(1)", renderings=(TermRendering("http://example.com"),))
    path = tmp_path / "t.xlsx"
    for _ in range(2):
        with path.open("wb") as stream:
            write_xlsx(stream, [FULL, evil])
        again = path.read_bytes()
    with path.open("wb") as stream:
        write_xlsx(stream, [FULL, evil])
    assert path.read_bytes() == again
    book = load_workbook(path)
    sheet = book["Terms"]
    assert sheet.freeze_panes == "C2"
    (table,) = sheet.tables.values()
    assert table.autoFilter.ref == table.ref
    assert [cell.value for cell in sheet[1]] == list(TITLES)
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in sheet[6][1:3]] == [
        ("=HYPERLINK(1)", "s", None),
        ("http://example.com", "s", None),
    ]
    book.close()


TEXT = (
    st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S"]) | st.sampled_from(" |\\&<>'\"#=\t\u3000"),
        min_size=1,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
NAME = st.text("abc/-2031", max_size=5).map(str.strip)
DAY = st.dates().map(str) | st.just("")
SPAN = st.just((0, 0))
RENDERING = st.builds(
    TermRendering, TEXT, st.integers(0, 10**6), DAY, DAY, st.lists(TEXT, max_size=2, unique=True).map(tuple),
    st.sampled_from(TermStatus), st.booleans(), TEXT | st.just(""), DAY, DAY,
)  # fmt: skip
ENTRY = st.builds(
    TermEntry, st.just("t1"), TEXT, st.sampled_from(["", "title", "treaty"]),
    st.lists(RENDERING, min_size=1, max_size=3, unique_by=lambda r: r.en).map(tuple),
    st.integers(0, 10**6), st.floats(0, 1e6), st.floats(0, 1), st.lists(NAME.filter(bool), max_size=2).map(tuple),
    DAY, DAY, st.lists(TEXT, max_size=2).map(tuple), st.lists(TEXT, max_size=2).map(tuple), st.booleans(),
    st.lists(st.builds(TermContext, TEXT, TEXT, SPAN, SPAN, NAME, DAY), max_size=2).map(tuple),
    TEXT | st.just(""), st.booleans(),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ENTRY)
def test_any_term_survives_json_and_csv(tmp_path_factory, entry):
    assert from_row(json.loads(json.dumps(as_row(entry, contexts=99)))) == entry
    path = tmp_path_factory.mktemp("terms") / "t.csv"
    with path.open("wb") as stream:
        write_csv(stream, [entry])
    assert read_csv(path).entries == (entry,)


@settings(max_examples=100, deadline=None)
@given(st.lists(ENTRY, max_size=3), st.sampled_from(["dca", "dct", "2008"]))
def test_any_terms_make_tbx_that_reads_back(tmp_path_factory, entries, dialect):
    path = tmp_path_factory.mktemp("terms") / "t.tbx"
    with path.open("wb") as stream:
        report = write_tbx(stream, entries, dialect)
    read = read_tbx(path)
    assert read.refused == ()
    kept = [e for e in entries if any(r.status is not TermStatus.REJECTED for r in e.renderings)]
    assert [entry.ja for entry in read.entries] == [entry.ja for entry in kept]
    assert report.terms == len(kept)


HOSTILE = st.text(st.sampled_from("a力 \t\n\r\x00\x0b\u2028\u3000#|\\;\"'<&\ud800\U0001f600=_x0041_"), max_size=6)
SAID = HOSTILE | TEXT
HELD_BY_ALL = st.builds(
    TermRendering, SAID, status=st.sampled_from([TermStatus.CANDIDATE, TermStatus.APPROVED]), note=SAID
)  # fmt: skip
ENTRIES = st.lists(
    st.builds(
        TermEntry,
        st.just(""),
        SAID,
        st.sampled_from(["", "title", "treaty"]),
        st.lists(HELD_BY_ALL, max_size=3).map(tuple),
        variants=st.lists(SAID, max_size=2).map(tuple),
        acronyms=st.lists(SAID, max_size=2).map(tuple),
        note=SAID,
    ),
    max_size=3,
)
APPROVED = partial(TermRendering, status=TermStatus.APPROVED)
FORMATS = {
    "tbx": (write_tbx, read_tbx, {"dialect": "dca"}),
    "tbx-dct": (write_tbx, read_tbx, {"dialect": "dct"}),
    "tbx-2008": (write_tbx, read_tbx, {"dialect": "2008"}),
    "utx": (write_utx, read_utx, {"date": "2031-01-02"}),
    "omegat": (write_glossary, read_glossary, {}),
    "csv": (write_csv, read_csv, {}),
    "xlsx": (write_xlsx, read_xlsx, {}),
    "jsonl": (write_jsonl, read_jsonl, {}),
}


def distinct(entries):
    """Leave out what is the same term or form twice, which a termbase never holds."""
    found = {}
    for number, entry in enumerate(entries):
        renderings = {term_key(r.en): r for r in entry.renderings}
        full = {term_key(r.en) for r in entry.renderings}
        forms = {term_key(form): form for form in entry.variants if term_key(form) != term_key(entry.ja)}
        acronyms = {term_key(form): form for form in entry.acronyms if term_key(form) not in full}
        found[term_key(entry.ja)] = replace(
            entry,
            id=f"t{number}",
            renderings=tuple(renderings.values()),
            variants=tuple(forms.values()),
            acronyms=tuple(acronyms.values()),
        )
    return list(found.values())


def with_first_preferred(entry):
    """Return a term as UTX has it: the first approved rendering is the preferred one."""
    first = next((r.en for r in entry.renderings if r.status is TermStatus.APPROVED), None)
    return replace(entry, renderings=tuple(replace(r, preferred=r.en == first) for r in entry.renderings))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None)
@example([TermEntry("", "力", "", (TermRendering("a", note=" "),))])
@example([TermEntry("", "力", "", (TermRendering("a"),), note="\x00")])
@example([TermEntry("", "0", "", (APPROVED(""), TermRendering("00"), APPROVED("0")))])
@example([TermEntry("", "0", "", (TermRendering("0\r0"),))])
@example([TermEntry("", "¡", "", (TermRendering("0"),))])
@given(ENTRIES)
def test_what_does_not_come_back_is_said(tmp_path_factory, name, entries):
    """Hostile text included: nothing is lost in silence, and what came back once comes back the same for ever."""
    write, read, options = FORMATS[name]
    entries = [with_first_preferred(entry) if name == "utx" else entry for entry in distinct(entries)]
    folder = tmp_path_factory.mktemp("terms")

    def read_any(path):
        # An empty file is refused as such: nothing was in it.
        return read(path) if path.stat().st_size else TermsRead(())

    first, report = through(folder, write, read_any, *entries, **options)
    assert first.refused == () or report.lost
    if not report.lost:
        assert [replace(e, id="") for e in first.entries] == [replace(e, id="") for e in entries]
    again, _ = through(folder, write, read_any, *first.entries, **options)
    assert [replace(e, id="") for e in again.entries] == [replace(e, id="") for e in first.entries]
    assert again.refused == ()


READERS = [read_tbx, read_utx, read_glossary, read_csv, read_xlsx, read_jsonl]


@settings(max_examples=120, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        ["", "<tbx><text>", "#UTX 1.20; ja/en\n#src\ttgt\n", "Japanese,English\n", '{"ja":"x"', "PK\x03\x04"]
    ),
    st.sampled_from(READERS),
)
def test_no_bytes_crash_a_reader(tmp_path_factory, data, start, read):
    path = tmp_path_factory.mktemp("terms") / "hostile"
    path.write_bytes(start.encode() + data)
    with contextlib.suppress(InputError):
        read(path)


def test_entities_and_dtds_do_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    path = tmp_path / "evil.tbx"
    path.write_text(
        f"""<?xml version="1.0"?><!DOCTYPE martif SYSTEM "{secret.as_uri()}" [
        <!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY % remote SYSTEM "http://192.0.2.1/x.dtd">]>
        <martif><text><body><termEntry id="1"><langSet xml:lang="ja"><tig><term>試み &file; &b;</term></tig></langSet>
        <langSet xml:lang="en"><tig><term>attempt</term></tig></langSet></termEntry></body></text></martif>""",
        encoding="utf-8",
    )
    try:
        (entry,) = read_tbx(path).entries
    except InputError:
        return
    assert "secret" not in entry.ja
    assert "lol" not in entry.ja


def test_a_bomb_of_entities_is_refused_quickly(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    path = tmp_path / "bomb.tbx"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE martif [<!ENTITY e0 "x">{levels}]><martif a="&e19;"/>', encoding="utf-8"
    )
    with pytest.raises(InputError):
        read_tbx(path)


def test_foreign_tbx(tmp_path):
    path = tmp_path / "foreign.tbx"
    path.write_text(
        """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader/><text><body>
<termEntry id="a"><descripGrp><descrip type="subjectField">defence</descrip></descripGrp>
 <descrip type="definition">D</descrip>
 <langSet xml:lang="ja-JP"><ntig><termGrp><term>防衛大臣</term>
  <termNote type="partOfSpeech">noun</termNote></termGrp></ntig>
  <ntig><termGrp><term>防相</term></termGrp></ntig></langSet>
 <langSet xml:lang="en_US">
  <tig><term>MOD</term><termNote type="termType">acronym</termNote></tig>
  <tig><term>Minister <hi>of</hi> Defense<!-- c --></term>
  <termNote type="administrativeStatus">preferredTerm</termNote></tig></langSet>
 <langSet xml:lang="fr"><tig><term>ministre</term></tig></langSet></termEntry>
<termEntry id="b"><langSet xml:lang="en"><tig><term>only</term></tig></langSet></termEntry>
</body></text></martif>""",
        encoding="utf-8",
    )
    read = read_tbx(path)
    (entry,) = read.entries
    assert (entry.ja, entry.variants, entry.acronyms, entry.kind) == ("防衛大臣", ("防相",), ("MOD",), "defence")
    assert entry.renderings == (TermRendering("Minister of Defense", status=TermStatus.APPROVED, preferred=True),)
    assert [skip.path.rpartition(":")[2] for skip in read.refused] == ["13"]
    assert read.ignored == {"definition": 1, "partOfSpeech": 1, "terms in other languages": 1}


@pytest.mark.parametrize("read", READERS)
def test_what_is_no_file_is_named(tmp_path, read):
    for path in (tmp_path / "missing", tmp_path, tmp_path / "empty"):
        if path.name == "empty":
            path.touch()
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.hint


def test_a_workbook_that_unpacks_too_far_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tmalign.formats.term_table.MOST_BYTES", 1000)
    path = tmp_path / "t.xlsx"
    stream = io.BytesIO()
    write_xlsx(stream, [FULL])
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="unpack"):
        read_xlsx(path)
