"""Every exchange format there and back, and what each cannot hold."""

from __future__ import annotations

import io
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tmalign.errors import EncodingError, FormatError, MissingFileError, OutputError, TmalignError, UsageError
from tmalign.formats.conversion import FORMATS, format_of, header_for, read_units, write_units_as
from tmalign.formats.exchange import MemoryHeader, Note, Property, Tag, TranslationUnit, Variant, is_plain

OPEN, CLOSE = Tag("bpt", (("i", "1"), ("x", "1"), ("type", "bold"))), Tag("bpt", (), "end")
MARKED = ("押す", OPEN, "<b>", CLOSE, "鍵", Tag("ept", (("i", "1"),), "empty"), Tag("hi"), "深", Tag("hi", (), "end"))
UNITS = [
    TranslationUnit(
        (
            Variant("ja", ("両大臣は、「会談」を\t行った。\n以上",)),
            Variant("en", ('The "two"\tministers met, & so on.\n<End>',)),
        ),
        (("tuid", "1"), ("creationdate", "20240102T030405Z"), ("creationid", "a=b")),
        (Property("x-a", "値"), Property("x-b", "=1+1")),
        (Note("注"),),
    ),
    TranslationUnit((Variant("ja", MARKED), Variant("en", ("Press ", Tag("ph", (("x", "2"),), "empty"), "key")))),
    TranslationUnit((Variant("ja", ("=SUM(A1)",)), Variant("en", ("-1 'x'",)))),
]


def there_and_back(units, kind, folder, name="m", **options):
    path = folder / name
    written = write_units_as(path, units, kind, source="ja", target="en", **options)
    stream = read_units(path, kind, "ja", "en", options.get("markup", "keep"))
    return list(stream.units), written, stream


def shown(units):
    return [[variant.text for variant in unit.variants] for unit in units]


@pytest.mark.parametrize("kind", FORMATS)
def test_texts_come_back(tmp_path, kind):
    found, written, _ = there_and_back(UNITS, kind, tmp_path)
    assert written.units == len(UNITS)
    expected = shown(UNITS)
    if kind == "moses":
        expected = [[text.replace("\n", " ") for text in row] for row in expected]
        assert written.left_out == {"segments with line breaks, now spaces": 2}
    elif kind == "tsv":
        expected = [[text.replace("\n", " ").replace("\t", " ") for text in row] for row in expected]
        assert written.left_out == {"rows with tabs or line breaks, now spaces": 1}
    assert shown(found) == expected


@pytest.mark.parametrize("kind", ["tmx", "jsonl", "xliff12"])
def test_formats_with_markup_lose_nothing(tmp_path, kind):
    found, written, _ = there_and_back(UNITS, kind, tmp_path)
    assert found == UNITS
    assert not written.left_out


def test_xliff_21_keeps_codes_and_says_what_it_lost(tmp_path):
    found, written, _ = there_and_back(UNITS, "xliff21", tmp_path)
    assert written.left_out == {"tags that lost their type": 2}
    assert found[1].variants[0].segment == (
        "押す", Tag("bpt", (("i", "1"),)), "<b>", CLOSE, "鍵", Tag("ept", (("i", "1"),), "empty"),
        Tag("hi"), "深", Tag("hi", (), "end"),
    )  # fmt: skip
    assert (found[0].attributes, found[0].properties, found[0].notes) == (
        UNITS[0].attributes, UNITS[0].properties, UNITS[0].notes,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_tables_keep_what_is_known_of_a_unit(tmp_path, kind):
    found, _, _ = there_and_back(UNITS, kind, tmp_path)
    assert found[0] == UNITS[0]
    assert found[2] == UNITS[2]


@pytest.mark.parametrize("kind", ["tsv", "csv", "xlsx", "parquet", "po", "moses"])
def test_markup_may_travel_as_text(tmp_path, kind):
    found, _, _ = there_and_back(UNITS[1:], kind, tmp_path, markup="xml")
    assert [[variant.segment for variant in unit.variants] for unit in found] == [
        [variant.segment for variant in unit.variants] for unit in UNITS[1:]
    ]


def test_text_that_is_no_xml_is_refused(tmp_path):
    (tmp_path / "m.tsv").write_text("ja\ten\nあ\ta\nい < う\tb\n", encoding="utf-8")
    with pytest.raises(FormatError, match="not XML") as caught:
        list(read_units(tmp_path / "m.tsv", "tsv", "ja", "en", "xml").units)
    assert caught.value.line == 3


def test_markup_may_be_dropped(tmp_path):
    write_units_as(tmp_path / "m.tmx", UNITS, "tmx", source="ja", target="en")
    found = list(read_units(tmp_path / "m.tmx", "tmx", "ja", "en", "drop").units)
    assert shown(found) == shown(UNITS)
    assert all(is_plain(variant.segment) for unit in found for variant in unit.variants)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_units_give_the_same_bytes(tmp_path, kind):
    for name in ("a", "b"):
        write_units_as(tmp_path / name, UNITS, kind, source="ja", target="en")
        time.sleep(0.01)
    suffix = ".ja" if kind == "moses" else ""
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\t\n\"'\\<>&,;=%{}")), min_size=1, max_size=15
).filter(lambda text: text.strip())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), st.sampled_from(["jsonl", "csv", "parquet", "po"]))
def test_any_text_survives(tmp_path_factory, rows, kind):
    rows = list({one: (one.replace("\r", ""), other.replace("\r", "")) for one, other in rows}.values())
    rows = [(one, other) for one, other in dict(rows).items() if one.strip() and other.strip()]
    units = [TranslationUnit((Variant("ja", (one,)), Variant("en", (other,)))) for one, other in rows]
    found, _, _ = there_and_back(units, kind, tmp_path_factory.getbasetemp(), f"any.{kind}")
    assert shown(found) == [list(row) for row in rows]


def test_several_languages_and_variants_make_the_pairs_that_were_asked_for(tmp_path):
    many = TranslationUnit(
        (
            Variant("de", ("D",)), Variant("en-GB", ("B",)), Variant("EN_us", ("A1",)), Variant("en-US", ("A2",)),
            Variant("jpn", ("あ",)),
        )
    )  # fmt: skip
    written = write_units_as(tmp_path / "m.tsv", [many, UNITS[2]], "tsv", source="ja", target="en-US")
    found = shown(read_units(tmp_path / "m.tsv", "tsv", "ja", "en-US").units)
    assert found[:2] == [["あ", "A1"], ["あ", "A2"]]
    assert written.left_out == {"variants in other languages": 2}
    written = write_units_as(tmp_path / "m.tsv", [many], "tsv", source="ja", target="fr")
    assert written.left_out == {"units without ja and fr": 1}
    written = write_units_as(tmp_path / "m.tsv", [many], "tsv", source="en-GB", target="en-US")
    assert written.units == 2


XLIFF_12 = """<?xml version="1.0"?><!-- invented --><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a" source-language="ja" target-language="en-GB" datatype="html"><header/><body>
<group><trans-unit id="k1" resname="name"><source>押す<g id="1">鍵</g><x id="2"/></source>
<target>Press <g id="1">key</g>
<x id="2"/><mrk mtype="term">t</mrk></target><alt-trans><target>other</target></alt-trans>
<note>n</note></trans-unit></group>
<trans-unit id="k2"><source>未訳</source></trans-unit></body></file></xliff>"""
XLIFF_20 = """<xliff version="2.0" srcLang="ja" trgLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">
<unit id="k"><originalData><data id="d1">&lt;b&gt;</data><data id="d2">x<cp hex="0008"/></data></originalData>
<segment><source><pc id="1" dataRefStart="d1">鍵</pc></source>
<target><pc id="1" dataRefStart="d1">key</pc></target></segment>
<ignorable><source> </source></ignorable>
<segment><source>二<cp hex="41"/></source><target>two<ph id="2" dataRef="d2"/></target></segment>
<segment><source>未</source></segment></unit></file></xliff>"""


def test_xliff_of_other_tools(tmp_path):
    path = tmp_path / "m.xlf"
    path.write_text(XLIFF_12, encoding="utf-8")
    stream = read_units(path, "xliff12", "", "")
    (unit,) = stream.units
    assert shown([unit]) == [["押す鍵", "Press key\nt"]]
    assert [variant.language for variant in unit.variants] == ["ja", "en-GB"]
    assert (unit.attribute("tuid"), unit.notes) == ("name", (Note("n"),))
    assert unit.variants[0].segment[1] == Tag("bpt", (("i", "1"),), "empty")
    assert stream.skipped == {"units without a target": 1, "alternative translations": 1}
    path.write_text(XLIFF_20, encoding="utf-8")
    stream = read_units(path, "xliff21", "", "")
    assert shown(stream.units) == [["鍵", "key"], ["二A", "two"]]
    assert stream.skipped == {"units without a target": 1}
    assert (stream.source, stream.target) == ("ja", "en")


def test_xliff_that_is_none(tmp_path):
    path = tmp_path / "m.xlf"
    for data, words in (("<html/>", "root element is html"), (XLIFF_12[:-20], "broken XML"), ("", "holds nothing")):
        path.write_text(data, encoding="utf-8")
        with pytest.raises(TmalignError, match=words):
            list(read_units(path, "xliff12", "ja", "en").units)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
    path.write_text(
        XLIFF_20.replace("<xliff", f"<!DOCTYPE xliff [{laughs}]><xliff", 1).replace("鍵", "&l11;"), encoding="utf-8"
    )
    begin = time.perf_counter()
    try:
        found = shown(read_units(path, "xliff21", "ja", "en").units)
        assert len(found[0][0]) < 100
    except FormatError:
        pass
    assert time.perf_counter() - begin < 2


PO = r"""# head
msgid ""
msgstr "Language: en\n"

# 訳注
#. extracted
#: a.c:1
#, fuzzy, c-format
#| msgid "old"
msgctxt "menu"
msgid "開く %s"
msgstr ""
"Open "
"\"%s\"\t\101\n"
msgid "件"
msgid_plural "件々"
msgstr[0] "item"
msgstr[1] "items"

msgid "未訳"
msgstr ""

#~ msgid "廃"
#~ msgstr "gone"
"""


def test_po_of_other_tools(tmp_path):
    path = tmp_path / "m.po"
    path.write_text(PO, encoding="utf-8")
    stream = read_units(path, "po", "ja", "en")
    found = list(stream.units)
    assert shown(found) == [["開く %s", 'Open "%s"\tA\n'], ["件", "item"], ["件々", "items"]]
    assert found[0].properties == (
        Property("x-context", "menu"), Property("x-reference", "a.c:1"), Property("x-flags", "fuzzy, c-format"),
    )  # fmt: skip
    assert found[0].notes == (Note("訳注\nextracted"),)
    assert stream.skipped == {"untranslated messages": 1, "obsolete lines": 2, "previous messages": 1}
    back, _, _ = there_and_back(found[:1], "po", tmp_path)
    assert back == found[:1]


@pytest.mark.parametrize("data", ['msgid "a', 'msgid a"', '"a"', 'msgid "a"\nmsgstr "b"\nmsgstr "c"', "words"])
def test_broken_po_is_refused_with_its_line(tmp_path, data):
    (tmp_path / "m.po").write_text(f"# c\n{data}\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        list(read_units(tmp_path / "m.po", "po", "ja", "en").units)
    assert caught.value.line == 2 + data.count("\n")


def test_tables_without_a_head_or_with_another(tmp_path):
    path = tmp_path / "m.tsv"
    for text in ("あ\ta\n\n い\t\n", "note\ten-US\tJA\nn\ta\tあ\nn\t\tい\n", "Source\tTarget\nあ\ta\nい\n"):
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
        stream = read_units(path, "tsv", "ja", "en")
        assert shown(stream.units) == [["あ", "a"]]
        assert stream.skipped == {"rows with an empty side": 1}
    path.write_bytes("あ\ta\n".encode("utf-16"))
    assert shown(read_units(path, "tsv", "ja", "en").units) == [["あ", "a"]]


@pytest.mark.parametrize(
    ("kind", "data", "error"),
    [
        ("csv", b'ja,en\n"a,b\n', FormatError),
        ("csv", b"ja,en,properties\na,b,{\n", FormatError),
        ("tsv", b"ja\ten\n\xff\ta\n", EncodingError),
        ("jsonl", b"{}\n", FormatError),
        ("jsonl", b'{"variants": [{"language": "ja", "text": "a", "runs": [["ph", "end", {}]]}]}\n', FormatError),
        ("jsonl", b'{"variants": [{"language": "ja", "text": "a", "runs": [["p h", "empty", {}]]}]}\n', FormatError),
        ("jsonl", b"[" * 100_000, FormatError),
        ("xlsx", b"PK\x03\x04 no", FormatError),
        ("parquet", b"PAR1 no", FormatError),
        ("xlsx", b"", TmalignError),
        ("csv", b"", TmalignError),
    ],
)
def test_broken_files_are_refused(tmp_path, kind, data, error):
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(error):
        list(read_units(tmp_path / "m", kind, "ja", "en").units)


@pytest.mark.parametrize("kind", FORMATS)
def test_missing_files_are_said_to_be_missing(tmp_path, kind):
    with pytest.raises(MissingFileError):
        list(read_units(tmp_path / "none", kind, "ja", "en").units)


def test_moses_files_of_two_lengths(tmp_path):
    (tmp_path / "m.ja").write_text("あ\n\nう\n", encoding="utf-8")
    (tmp_path / "m.en").write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"m\.en.*ends before") as caught:
        list(read_units(tmp_path / "m", "moses", "ja", "en").units)
    assert caught.value.line == 3


def test_what_a_sheet_cannot_hold_is_refused(tmp_path):
    long = TranslationUnit((Variant("ja", ("あ" * 40_000,)), Variant("en", ("a",))))
    with pytest.raises(OutputError, match="more than a sheet can hold"):
        write_units_as(tmp_path / "m.xlsx", [long], "xlsx", source="ja", target="en")
    assert not (tmp_path / "m.xlsx").exists()


def test_the_format_is_in_the_name_or_the_call(tmp_path):
    assert format_of(tmp_path / "A.TMX") == "tmx"
    assert format_of(tmp_path / "a.tmx.gz") == "tmx"
    assert format_of(tmp_path / "a.xlf", "xliff21") == "xliff21"
    for name, kind in (("a.doc", None), ("a", None), ("a.tmx", "word")):
        with pytest.raises(UsageError):
            format_of(tmp_path / name, kind)
    with pytest.raises(UsageError, match="two languages"):
        write_units_as(io.BytesIO(), [], "tsv", source="", target="")
    with pytest.raises(UsageError, match="two files"):
        write_units_as(io.BytesIO(), [], "moses", source="ja", target="en")


def test_a_memory_from_another_format_names_its_source(tmp_path):
    _, _, stream = there_and_back(UNITS, "csv", tmp_path)
    assert header_for(stream, "csv", "ja") == MemoryHeader(attributes=(("srclang", "ja"),))


def test_rows_of_json_are_plain_to_read(tmp_path):
    write_units_as(tmp_path / "m.jsonl", UNITS[1:2], "jsonl", source="ja", target="en")
    row = json.loads((tmp_path / "m.jsonl").read_text(encoding="utf-8"))
    assert row["variants"][1] == {
        "language": "en",
        "text": "Press key",
        "runs": ["Press ", ["ph", "empty", {"x": "2"}], "key"],
    }


def test_written_xliff_is_well_formed_and_has_the_right_root(tmp_path):
    for kind, namespace in (("xliff12", "1.2"), ("xliff21", "2.0")):
        write_units_as(tmp_path / "m.xlf", UNITS, kind, source="ja", target="en")
        root = etree.parse(tmp_path / "m.xlf").getroot()
        assert root.tag == f"{{urn:oasis:names:tc:xliff:document:{namespace}}}xliff"
