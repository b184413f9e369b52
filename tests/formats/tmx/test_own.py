"""TMX: valid by the standard's content model, byte for byte repeatable, safe to read."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tmalign import __version__
from tmalign.errors import EmptyFileError, FormatError, MissingFileError, OutputError, UnreadableFileError
from tmalign.formats.tmx import TmxHeader, read_tmx, write_tmx
from tmalign.model import Sentence, Unit

# The content model of TMX 1.4b, written down from its reference: what may stand where, and which attributes must.
CONTENT_MODEL = """
<!ELEMENT tmx (header, body)>
<!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note | prop | ude)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block | paragraph | sentence | phrase) #REQUIRED o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED
  srclang CDATA #REQUIRED datatype CDATA #REQUIRED o-encoding CDATA #IMPLIED creationdate CDATA #IMPLIED
  creationid CDATA #IMPLIED changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT ude (map+)>
<!ATTLIST ude name CDATA #REQUIRED base CDATA #IMPLIED>
<!ELEMENT map EMPTY>
<!ATTLIST map unicode CDATA #REQUIRED code CDATA #IMPLIED ent CDATA #IMPLIED subst CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT tu ((note | prop)*, tuv+)>
<!ATTLIST tu tuid CDATA #IMPLIED o-encoding CDATA #IMPLIED datatype CDATA #IMPLIED usagecount CDATA #IMPLIED
  lastusagedate CDATA #IMPLIED creationtool CDATA #IMPLIED creationtoolversion CDATA #IMPLIED
  creationdate CDATA #IMPLIED creationid CDATA #IMPLIED changedate CDATA #IMPLIED changeid CDATA #IMPLIED
  segtype (block | paragraph | sentence | phrase) #IMPLIED o-tmf CDATA #IMPLIED srclang CDATA #IMPLIED>
<!ELEMENT tuv ((note | prop)*, seg)>
<!ATTLIST tuv xml:lang CDATA #REQUIRED o-encoding CDATA #IMPLIED datatype CDATA #IMPLIED creationdate CDATA #IMPLIED
  creationid CDATA #IMPLIED changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT note (#PCDATA)>
<!ATTLIST note xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED>
<!ELEMENT prop (#PCDATA)>
<!ATTLIST prop type CDATA #REQUIRED xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED>
<!ELEMENT seg (#PCDATA | bpt | ept | it | ph | hi)*>
<!ELEMENT bpt (#PCDATA)> <!ELEMENT ept (#PCDATA)> <!ELEMENT it (#PCDATA)> <!ELEMENT ph (#PCDATA)>
<!ELEMENT hi (#PCDATA | bpt | ept | it | ph | hi)*>
"""

UNIT = Unit(
    ja="両大臣は、１．５倍の増額で一致した。",
    en="The two ministers agreed on a 1.5-fold increase.",
    release="2031/meeting-01",
    collection="2031",
    date="2031-04-09",
    probability=0.98765,
    ja_spans=(Sentence(2, 0, 18),),
    en_spans=(Sentence(2, 0, 48),),
    signature="tmalign 0.1.0+length",
    ja_source="2031/meeting-01.ja.html",
    en_source="2031/meeting-01.en.txt",
    position=7,
)


def written(units, header=None):
    stream = io.BytesIO()
    result = write_tmx(stream, units, header)
    return stream.getvalue(), result


def parse(data):
    tree = etree.fromstring(data)
    model = etree.DTD(io.StringIO(CONTENT_MODEL))
    assert model.validate(tree), model.error_log
    return tree


def read(data, folder):
    path = folder / "memory.tmx"
    path.write_bytes(data)
    return list(read_tmx(path))


def test_the_head_is_what_strict_readers_ask_for():
    data, _ = written([UNIT])
    assert data.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">'
    )
    assert dict(parse(data).find("header").attrib) == {
        "creationtool": "tmalign",
        "creationtoolversion": __version__,
        "segtype": "sentence",
        "o-tmf": "tmalign",
        "adminlang": "en",
        "srclang": "ja",
        "datatype": "plaintext",
    }


def test_a_unit_says_where_it_comes_from():
    unit = parse(written([UNIT])[0]).find("body/tu")
    assert dict(unit.attrib) == {
        "tuid": "2031/meeting-01:7",
        "creationdate": "20310409T000000Z",
        "changedate": "20310409T000000Z",
    }
    assert {child.get("type"): child.text for child in unit.iterchildren("prop")} == {
        "x-release": "2031/meeting-01",
        "x-collection": "2031",
        "x-bead": "1-1",
        "x-probability": "0.9877",
        "x-origin": "machine",
        "x-ja-source": "2031/meeting-01.ja.html",
        "x-en-source": "2031/meeting-01.en.txt",
        "x-ja-span": "2:0-18",
        "x-en-span": "2:0-48",
        "x-signature": "tmalign 0.1.0+length",
    }
    variants = unit.findall("tuv")
    assert [variant.get("{http://www.w3.org/XML/1998/namespace}lang") for variant in variants] == ["ja", "en"]
    assert [variant.findtext("seg") for variant in variants] == [UNIT.ja, UNIT.en]


def test_english_may_be_the_source_and_then_stands_first():
    tree = parse(written([UNIT], TmxHeader("en", (("x-corpus", 'a "b" & c'),)))[0])
    assert tree.find("header").get("srclang") == "en"
    assert tree.find("header/prop").text == 'a "b" & c'
    assert [segment.text for segment in tree.iter("seg")] == [UNIT.en, UNIT.ja]


def test_several_sentences_are_marked_as_a_block():
    several = replace(UNIT, en_spans=(Sentence(2, 0, 20), Sentence(2, 21, 48)))
    units = parse(written([UNIT, several])[0]).findall("body/tu")
    assert [unit.get("segtype") for unit in units] == [None, "block"]
    assert units[1].find("prop[@type='x-en-span']").text == "2:0-20;2:21-48"


def test_one_sided_units_are_counted_and_left_out():
    data, result = written([replace(UNIT, en=""), replace(UNIT, ja=" \u3000"), replace(UNIT, en="\x0b\x00"), UNIT])
    assert (result.units, result.one_sided, result.characters_removed) == (1, 3, 2)
    assert len(parse(data).findall("body/tu")) == 1


def test_edges_are_trimmed_and_full_width_characters_kept():
    data, _ = written([replace(UNIT, ja="\ufeff\u3000 ＡＢＣ　（１０％）\x00 \r\n\u200b", en="\tA & B < C > D\u00a0")])
    assert [segment.text for segment in parse(data).iter("seg")] == ["ＡＢＣ　（１０％）", "A & B < C > D"]


@pytest.mark.parametrize("date", ["", "2031-4-9", "April 9", "2031-04-09T10:00"])
def test_no_date_is_better_than_a_made_up_one(date):
    assert "creationdate" not in parse(written([replace(UNIT, date=date)])[0]).find("body/tu").attrib


def test_identifiers_hold_no_white_space_and_stay_apart():
    ids = ["a b", "a%20b", "a\tb", "a\u3000b", "a\nb", 'a"b<c']
    units = parse(written([replace(UNIT, release=name) for name in ids])[0]).findall("body/tu")
    found = [unit.get("tuid") for unit in units]
    assert len(set(found)) == len(ids)
    assert not any(re.search(r"\s", name) for name in found)


def test_an_empty_memory_is_valid():
    assert len(parse(written([])[0]).find("body")) == 0


# Every white space that XML allows, and what has no width.
EDGES = (
    "".join(
        char
        for char in map(chr, range(0x10000))
        if char.isspace() and not "\x0b" <= char <= "\x0c" and not "\x1c" <= char <= "\x1f"
    )
    + "\u200b\u2060\ufeff"
)

hostile = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\x00\x07\x0b\x1f\x7f\x85\r\n\t <>&\"'\ud800\udfff\ufffe\uffff\ufeff\u2028]　１"),
    ),
    max_size=30,
)


@given(st.lists(st.tuples(hostile, hostile, hostile), max_size=4))
def test_any_text_gives_valid_tmx_that_comes_back(tmp_path_factory, texts):
    units = [
        replace(UNIT, ja=ja, en=en, release=name, signature=name, position=index)
        for index, (ja, en, name) in enumerate(texts)
    ]
    data, result = written(units)
    parse(data)
    forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
    expected = [
        replace(
            unit,
            ja=ja,
            en=en,
            probability=0.9877,
            release=forbidden.sub("", unit.release),
            signature=forbidden.sub("", unit.signature),
        )
        for unit in units
        if (ja := forbidden.sub("", unit.ja).strip(EDGES)) and (en := forbidden.sub("", unit.en).strip(EDGES))
    ]
    found = read(data, tmp_path_factory.getbasetemp())
    # Without a release the number in `tuid` is nobody's promise.
    assert [replace(unit, position=0) for unit in found] == [replace(unit, position=0) for unit in expected]
    assert result.units == len(expected)
    assert result.units + result.one_sided == len(units)


def test_a_path_is_replaced_only_when_the_units_changed(tmp_path):
    path = tmp_path / "a.tmx"
    write_tmx(path, [UNIT])
    first = path.read_bytes()
    stamp = path.stat().st_mtime_ns
    time.sleep(0.01)
    write_tmx(path, [UNIT])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, stamp)
    write_tmx(path, [replace(UNIT, en="Other.")])
    assert path.stat().st_mtime_ns != stamp
    assert next(read_tmx(path)).en == "Other."


def test_a_source_that_breaks_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.tmx"
    write_tmx(path, [UNIT])
    before = path.read_bytes()

    def breaking():
        yield replace(UNIT, en="Other.")
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write_tmx(path, breaking())
    assert path.read_bytes() == before
    with pytest.raises(OutputError):
        write_tmx(path / "below-a-file.tmx", [UNIT])


FOREIGN = """<?xml version="1.0"?>{doctype}
<tmx version="1.1"><header creationtool="x" srclang="*all*"/><body>
<tu tuid="9" creationdate="20200102T030405Z"><note>n</note>
<tuv lang="EN-US"><seg>Press <bpt i="1">x</bpt><hi>the <hi><!-- no -->red</hi></hi><ept i="1">x</ept> key</seg></tuv>
<tuv lang="fr"><seg>Non</seg></tuv>
<tuv xml:lang="ja-JP"><seg>{seg}</seg></tuv>
<tuv xml:lang="ja"><seg>later</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>
<tu><tuv><seg>x</seg></tuv><tuv xml:lang="ja"/></tu>
</body></tmx>"""


def test_memories_of_other_tools_give_their_visible_text(tmp_path):
    assert read(FOREIGN.format(doctype="", seg="赤いキー").encode(), tmp_path) == [
        Unit("赤いキー", "Press the red key", "", "", "2020-01-02", 1.0, (), (), origin="tmx")
    ]
    assert read(FOREIGN.format(doctype="", seg="赤").encode("utf-16"), tmp_path)[0].ja == "赤"


def test_entities_do_nothing(tmp_path):
    (tmp_path / "secret").write_text("secret words", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
    begin = time.perf_counter()
    bomb = FOREIGN.format(doctype=f"<!DOCTYPE tmx [{laughs}]>", seg="あ")
    assert read(bomb.replace("あ", "あ&l11;").encode(), tmp_path)[0].ja == "あ&l11;"
    for hidden in ("&l11;", "&l0;"):
        with pytest.raises(FormatError) as caught:
            read(bomb.replace('tuid="9"', f'tuid="{hidden}"').encode(), tmp_path)
        assert caught.value.line == 3
    outside = f'<!DOCTYPE tmx SYSTEM "no.dtd" [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    assert read(FOREIGN.format(doctype=outside, seg="あ&x;").encode(), tmp_path)[0].ja == "あ&x;"
    assert time.perf_counter() - begin < 2


def test_what_is_not_tmx_is_refused_with_its_place(tmp_path):
    with pytest.raises(FormatError, match="broken XML") as caught:
        read(written([UNIT])[0].replace(b"</tuv>", b"", 1), tmp_path)
    assert caught.value.line > 4
    with pytest.raises(FormatError, match="root element is html"):
        read(b"<html><body/></html>", tmp_path)
    with pytest.raises(FormatError):
        read(b"\x00\x01\x02", tmp_path)
    with pytest.raises(EmptyFileError):
        read(b"", tmp_path)
    with pytest.raises(MissingFileError):
        list(read_tmx(tmp_path / "nowhere.tmx"))
    with pytest.raises(UnreadableFileError):
        list(read_tmx(tmp_path))
