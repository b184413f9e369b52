"""Anyone's TMX: every version, encoding and oddity reads the same by patterns, by events and by lxml."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zipfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tmalign.errors import (
    EmptyFileError,
    EncodingError,
    FileSizeError,
    FormatError,
    MissingFileError,
    TmalignError,
    UnreadableFileError,
)
from tmalign.formats.exchange import MemoryHeader, Note, Property, Tag, TranslationUnit, Variant, plain_text
from tmalign.formats.tmx import decoding, reading
from tmalign.formats.tmx.reading import TmxReader
from tmalign.formats.tmx.writing import write_units

SAMPLES = "../shared/data/tmx-samples"

# Invented; every construct of the standard, in the shapes that tools write.
WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="Inv&amp;Tool" creationtoolversion="2" segtype="sentence" o-tmf="x" adminlang="en" srclang="ja"
    datatype="html">
    <note lang="en">head note</note>
    <prop type="x-head">head prop</prop>
    <ude name="u" base="SHIFT_JIS"><map unicode="#xE000" code="#xF040" ent="e" subst="s"/></ude>
  </header>
  <body>
    <!-- a comment - here -->
    <tu tuid="1" segtype='block' creationdate="20240102T030405Z">
      <note xml:lang="ja">注記</note>
      <prop type="x-a" o-encoding="utf-8">値 &amp; &#x2460;</prop>
      <tuv xml:lang="ja-JP" changeid="who">
        <note>v</note>
        <prop type="x-b">w</prop>
        <seg>押す<bpt i="1" x="1" type="bold">&lt;b <sub type="title">題<ph x="9"/></sub>&gt;</bpt>鍵<hi
          type="n"><hi>深</hi></hi><ept i="1"></ept></seg>
      </tuv>
      <tuv lang="en_US"><seg>Press <it pos="begin" x="2">[</it>&quot;key&quot;<ut>z</ut>
 it</seg></tuv>
      <tuv xml:lang="EN" ><seg></seg></tuv>
    </tu>
    <tu><tuv xml:lang="ja"><seg>続き</seg></tuv><tuv xml:lang="en"><seg>more</seg></tuv></tu>
  </body>
</tmx>
"""


def units(data, folder, name="m.tmx", **options):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with TmxReader(path, **options) as reader:
        return list(reader), reader


def outcome(data, folder, **options):
    """Return what a reader makes of bytes: the units and counts, or the error's kind and line."""
    try:
        found, reader = units(data, folder, **options)
    except TmalignError as error:
        return type(error), error.line
    return found, [unit.line for unit in found], reader.skipped, reader.header


def test_everything_of_the_standard_is_kept(tmp_path):
    found, reader = units(WHOLE, tmp_path)
    assert reader.header == MemoryHeader(
        "1.4",
        reader.header.attributes,
        (Property("x-head", "head prop"),),
        (Note("head note", (("lang", "en"),)),),
        reader.header.character_maps,
    )
    assert reader.header.attribute("creationtool") == "Inv&Tool"
    assert dict(reader.header.character_maps[0].maps[0])["unicode"] == "#xE000"
    first, second = found
    assert (first.line, second.line) == (12, 25)
    assert first.attribute("segtype") == "block"
    assert first.notes == (Note("注記", (("xml:lang", "ja"),)),)
    assert first.properties == (Property("x-a", "値 & ①", (("o-encoding", "utf-8"),)),)
    assert [variant.language for variant in first.variants] == ["ja-JP", "en_US", "EN"]
    japanese = first.variants[0]
    assert japanese.attributes == (("changeid", "who"),)
    assert (japanese.notes, japanese.properties) == ((Note("v"),), (Property("x-b", "w"),))
    assert japanese.segment[1] == Tag("bpt", (("i", "1"), ("x", "1"), ("type", "bold")))
    assert japanese.segment[-1] == Tag("ept", (("i", "1"),), "empty")
    assert japanese.text == "押す鍵深"
    assert plain_text(japanese.segment, keep_codes=True) == "押す<b 題>鍵深"
    assert first.variants[1].text == 'Press "key"\n it'
    assert first.variants[2].segment == ()
    assert not reader.skipped


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize(
    ("encoding", "mark", "declared"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16BE"),
        ("utf-16-le", b"", "UTF-16LE"),
        ("utf-16-be", b"", "UTF-16"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32"),
        ("cp932", b"", "Shift_JIS"),
        ("cp932", b"", "windows-31j"),
        ("euc_jp", b"", "EUC-JP"),
        ("iso2022_jp", b"", "ISO-2022-JP"),
        ("utf-8", b"", "UTF-16"),
    ],
)
def test_encodings_read_the_same(tmp_path, encoding, mark, declared, quick):
    text = WHOLE.replace("UTF-8", declared)
    data = mark + text.encode(encoding)
    assert units(data, tmp_path, quick=quick)[0] == units(WHOLE, tmp_path)[0]
    assert units(data.replace(b"\n", b"\r\n") if encoding == "cp932" else data, tmp_path)[0][0].line == 12


def test_no_declaration_means_utf_8(tmp_path):
    assert units(WHOLE.partition("\n")[2], tmp_path)[0] == units(WHOLE, tmp_path)[0]


def test_archives_are_unpacked(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no")
        archive.writestr("folder/m.TMX", WHOLE)
    expected = units(WHOLE, tmp_path)[0]
    assert units(gzip.compress(WHOLE.encode()), tmp_path, "m.tmx.gz")[0] == expected
    assert units(packed.getvalue(), tmp_path, "m.zip")[0] == expected
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("second.tmx", WHOLE)
    with pytest.raises(FormatError, match="2 files"):
        units(packed.getvalue(), tmp_path)
    with pytest.raises(FormatError, match="broken archive"):
        units(gzip.compress(WHOLE.encode())[:-20], tmp_path)
    nameless = packed.getvalue().replace(b"second.tmx", b"\0econd.tmx")
    assert units(nameless, tmp_path)[0] == expected
    with pytest.raises(FormatError, match="broken archive"):
        units(b"PK\x03\x04 and nothing", tmp_path)


def test_an_archive_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "_FREE", 1 << 20)
    bomb = WHOLE.replace("続き", "a" * (8 << 20))
    with pytest.raises(FileSizeError):
        units(gzip.compress(bomb.encode()), tmp_path)


@pytest.mark.parametrize(
    ("data", "error", "line", "words"),
    [
        (b"", EmptyFileError, 1, "holds nothing"),
        (WHOLE[: WHOLE.index("<tu ") + 2].encode(), FormatError, 12, "broken XML"),
        (WHOLE.replace("</seg></tuv>\n    </tu>", "</seg>\n    </tu>").encode(), FormatError, 24, "broken XML"),
        (WHOLE.replace("続き", "a & b").encode(), FormatError, 25, "broken XML"),
        (WHOLE.replace("続き", "a\x08b").encode(), FormatError, 25, "U\\+0008"),
        (WHOLE.replace("続き", "a&#8;b").encode(), FormatError, 25, "broken XML"),
        (WHOLE.replace("続き", "a]]>b").encode(), FormatError, 25, "broken XML"),
        (WHOLE.replace("続き", "a\uffffb").encode(), FormatError, 25, "U\\+FFFF"),
        (
            WHOLE.replace("続き", "&nbsp;").replace('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', "").encode(),
            FormatError,
            25,
            "und",
        ),
        (WHOLE.encode().replace("続".encode(), b"\xff"), EncodingError, 25, "FF"),
        (WHOLE.replace("UTF-8", "klingon").encode(), EncodingError, 1, "klingon"),
        (WHOLE.replace("UTF-8", "unicode_escape").encode(), EncodingError, 1, "unicode_escape"),
        (WHOLE.encode() + b"<more/>", FormatError, 28, "junk"),
        (WHOLE.replace('tuid="1"', 'tuid="1" tuid="2"').encode(), FormatError, 12, "duplicate"),
        (b"<html>\n<body/></html>", FormatError, 1, "root element is html"),
        (b"<tmx><header/></tmx>", FormatError, 1, "no body"),
        (b"plain words", FormatError, 1, "broken XML"),
    ],
)
@pytest.mark.parametrize("quick", [True, False])
def test_what_cannot_be_read_is_refused_with_line_and_reason(tmp_path, data, error, line, words, quick):
    with pytest.raises(error, match=words) as caught:
        units(data, tmp_path, quick=quick)
    assert caught.value.line == line
    assert caught.value.path == str(tmp_path / "m.tmx")
    assert caught.value.hint


def test_files_that_are_no_files(tmp_path):
    with pytest.raises(MissingFileError):
        TmxReader(tmp_path / "none.tmx")
    with pytest.raises(UnreadableFileError):
        TmxReader(tmp_path)


def test_what_has_no_place_is_counted(tmp_path):
    odd = WHOLE.replace('<tu><tuv xml:lang="ja">', "<tu>stray<!--x--><?pi x?><odd><seg>lost</seg></odd><tuv>").replace(
        "<seg>more</seg>", "<seg>more</seg><seg>again</seg>"
    )
    odd = odd.replace("</body>", '<tu><tuv xml:lang="ja"/></tu></body>')
    for quick in (True, False):
        found, reader = units(odd, tmp_path, quick=quick)
        assert reader.skipped == {
            "texts outside segments": 1,
            "processing instructions": 1,
            "unknown elements": 1,
            "second texts in one variant": 1,
            "variants without a language": 1,
            "variants without a text": 1,
        }
        assert found[1].variants[0] == Variant("", ("続き",))
        assert found[2].variants == (Variant("ja", ()),)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("x:ph", "ph"), ("ph:", "ph_"), (":", "_"), ("x:1", "x_1"), ("x:-", "x_-"), (":ph", "ph"), ("x:_", "_"),
        ("題:題", "題"), ("x:ー", "x_ー"), ("x:々a", "x_々a"), ("a:b:ph", "ph"), ("a:b:", "a_b_"),
    ],
)  # fmt: skip
def test_an_element_whose_prefix_is_taken_off_keeps_a_name(tmp_path, written, kept):
    found, reader = units(WHOLE.replace("続き", f'続<{written} x="1"/>き'), tmp_path)
    assert found[1].variants[0].segment == ("続", Tag(kept, (("x", "1"),), "empty"), "き")
    out = io.BytesIO()
    write_units(out, found, reader.header)
    again, _ = units(out.getvalue(), tmp_path)
    assert again[1].variants[0] == found[1].variants[0]


def test_entities_stay_as_written_and_nothing_is_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words", encoding="utf-8")
    subset = f'[<!ENTITY in "inside"><!ENTITY out SYSTEM "{secret}"><!ENTITY % p SYSTEM "{secret}"> %p;]'
    data = WHOLE.replace('SYSTEM "tmx14.dtd"', f'SYSTEM "http://127.0.0.1:9/x.dtd" {subset}').replace(
        "続き", "a&in;&out;b"
    )
    found, reader = units(data, tmp_path)
    assert found[1].variants[0].text == "a&in;&out;b"
    assert reader.skipped == {"entities left as written": 2}
    with pytest.raises(FormatError, match="entity stands in an attribute"):
        units(data.replace('tuid="1"', 'tuid="&in;"'), tmp_path)


def test_entities_do_not_expand(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
    data = WHOLE.replace('SYSTEM "tmx14.dtd"', f"[{laughs}]")
    begin = time.perf_counter()
    assert units(data.replace("続き", "&l11;"), tmp_path)[0][1].variants[0].text == "&l11;"
    with pytest.raises(FormatError):
        units(data.replace('tuid="1"', 'tuid="&l11;"'), tmp_path)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize("depth", [300, 20_000])
def test_nesting_has_no_limit(tmp_path, depth):
    deep = "<hi>" * depth + "深い" + "</hi>" * depth
    for quick in (True, False):
        found, _ = units(WHOLE.replace("続き", deep), tmp_path, quick=quick)
        assert found[1].variants[0].text == "深い"
        assert len(found[1].variants[0].segment) == 2 * depth + 1


def test_a_unit_without_end_is_refused_before_memory_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("tmalign.formats.tmx.parsing.MOST_CHARACTERS", 1 << 20)
    monkeypatch.setattr(reading, "_MOST_WAITING", 1 << 16)
    with pytest.raises(FormatError, match="longer than"):
        units(WHOLE.replace("続き", "あ" * (3 << 20)), tmp_path)


@pytest.mark.parametrize("body", ["<body/>", "<body />", "<body></body>", '<body\n a="&gt;">\n<!-- none --></body\n>'])
def test_an_empty_memory_has_no_units(tmp_path, body):
    found, _ = units(f"<tmx version='1.4'><header srclang='ja'/>{body}</tmx>", tmp_path)
    assert found == []


def test_memory_does_not_grow_with_the_file(tmp_path):
    unit = (
        '<tu tuid="{n}"><tuv xml:lang="ja"><seg>本文{n}</seg></tuv><tuv xml:lang="en"><seg>text {n}</seg></tuv></tu>\n'
    )
    head, tail = "<tmx version='1.4'><header srclang='ja'/><body>\n", "</body></tmx>"
    peaks = []
    for count in (1_000, 8_000):
        path = tmp_path / f"{count}.tmx"
        path.write_text(head + "".join(unit.format(n=n) for n in range(count)) + tail, encoding="utf-8")
        for quick in (True, False):
            tracemalloc.start()
            assert sum(1 for _ in TmxReader(path, quick=quick)) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert max(peaks) < 8 << 20
    assert peaks[2] < 1.5 * peaks[0] + (1 << 20)


def test_units_across_pieces_are_whole(tmp_path, monkeypatch):
    text = WHOLE.replace("\n", "\r\n") * 1
    expected = units(WHOLE, tmp_path)
    for size in (1, 7, 64):
        monkeypatch.setattr(decoding, "PIECE", size)
        for data in (text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
            # A piece must be long enough for the encoding to show.
            if size >= 64 or data.startswith(b"<?xml"):
                found, reader = units(data, tmp_path)
                assert (found, reader.header) == (expected[0], expected[1].header)
                assert [unit.line for unit in found] == [12, 25]


# Bits of TMX, right and wrong, put together at random: patterns and events must agree on every one.
SMALL = '<tu><tuv xml:lang="ja"><seg>あ</seg></tuv><tuv xml:lang="en"><seg>a</seg></tuv></tu>'
LARGER = (
    '<tu tuid="1" x="2"><prop type="p">v</prop><tuv xml:lang="ja"><seg>あ&lt;</seg></tuv>'
    '<tuv xml:lang="en"><seg/></tuv></tu>'
)
BITS = st.sampled_from(
    [
        ["<tu>", '<tu tuid="a&amp;b">', '<tu a="1" a="2">', "</tu>", "<tuv>", "</tuv>", "<seg>", "</seg>", "<seg/>"],
        ["<note>", "</note>", "</prop>"],
        ['<tuv xml:lang="ja">', "<tuv lang='en'>", '<prop type="x">', "<ph>", "</ph>", '<ph x="1"/>', "<hi>", "</hi>"],
        ["<bpt i='1'>", "</bpt>", "<!-- c -->", "<!-- a--b -->", "<![CDATA[x<y]]>", "<?p i?>", "</body>", "</tmx>"],
        [
            "text",
            "日本語",
            "&amp;",
            "&#65;",
            "&#0;",
            "&x;",
            "&",
            "<",
            ">",
            "]]>",
            "\n",
            " ",
            "\x85",
            "\u2028",
            "'",
            '"',
        ],
        ["<tuv xml:lang='ja'><seg>b<ph/></seg></tuv>", "<tuv xml:lang='ja'><seg>", "</seg></tuv>", "</tuv></tu>"],
        [SMALL, LARGER],
    ]
).flatmap(st.sampled_from)


@settings(max_examples=400, deadline=None)
@given(st.lists(BITS, max_size=14).map("".join), st.booleans())
def test_patterns_and_events_agree(tmp_path_factory, middle, closed):
    data = f"<tmx version='1.4'><header srclang='ja'/><body>{middle}{'</body></tmx>' if closed else ''}".encode()
    folder = tmp_path_factory.getbasetemp()
    assert outcome(data, folder) == outcome(data, folder, quick=False)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.sampled_from(["x", "type", "i", "xml:lang"])
marked = st.lists(st.one_of(texts, st.sampled_from([Tag("ph", (("x", "1"),), "empty")])), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(marked, marked, texts, texts), max_size=3))
def test_written_units_come_back_and_are_written_the_same(tmp_path_factory, rows):
    folder = tmp_path_factory.getbasetemp()
    made = [
        TranslationUnit(
            (Variant("ja", tuple(one)), Variant("en-US", tuple(other), (("changeid", name),))),
            (("tuid", name),),
            (Property("x-p", text),),
            (Note(text),),
        )
        for one, other, name, text in rows
    ]
    first, second = io.BytesIO(), io.BytesIO()
    write_units(first, made)
    found, reader = units(first.getvalue(), folder)
    write_units(second, found, reader.header)
    assert first.getvalue() == second.getvalue()
    assert [unit.variants[0].text for unit in found] == [
        "".join(char for char in unit.variants[0].text if char >= " " or char in "\t\n\r")
        .replace("\ufffe", "")
        .replace("\uffff", "")
        for unit in made
    ]
    etree.fromstring(first.getvalue())


def expected_of_lxml(data):
    """Return texts, tags, properties, notes and attributes as lxml sees them."""
    tree = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    return {
        "texts": ["".join(segment.itertext()) for segment in tree.iter("seg")],
        "tags": [(tag.tag, dict(tag.attrib)) for segment in tree.iter("seg") for tag in segment.iterdescendants()],
        "units": [dict(unit.attrib) for unit in tree.iter("tu")],
        "properties": Counter((item.get("type") or "", item.text or "") for item in tree.iter("prop")),
        "notes": Counter(note.text or "" for note in tree.iter("note")),
    }


def seen_by_us(found, header):
    holders = [header, *found, *(variant for unit in found for variant in unit.variants)]
    variants = [variant for unit in found for variant in unit.variants]
    return {
        "texts": [plain_text(variant.segment, keep_codes=True) for variant in variants],
        "tags": [
            (
                run.name,
                {
                    name.replace("xml:", "{http://www.w3.org/XML/1998/namespace}"): value
                    for name, value in run.attributes
                },
            )
            for variant in variants
            for run in variant.segment
            if isinstance(run, Tag) and run.kind != "end"
        ],
        "units": [dict(unit.attributes) for unit in found],
        "properties": Counter((item.type, item.text) for holder in holders for item in holder.properties),
        "notes": Counter(note.text for holder in holders for note in holder.notes),
    }


def test_nothing_is_lost_of_a_whole_file(tmp_path):
    found, reader = units(WHOLE, tmp_path)
    assert seen_by_us(found, reader.header) == expected_of_lxml(WHOLE.encode())


def test_nothing_is_lost_of_other_tools_files(request, tmp_path):
    folder = request.config.rootpath / SAMPLES
    if not folder.is_dir():
        pytest.skip("no samples of other tools beside the project")
    read = refused = 0
    for path in sorted(folder.iterdir()):
        if path.suffix == ".tsv":
            continue
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                data = archive.read(archive.namelist()[0])
        if not data:
            with pytest.raises(EmptyFileError):
                TmxReader(path)
            refused += 1
            continue
        for quick in (True, False):
            with TmxReader(path, quick=quick) as reader:
                found = list(reader)
                assert seen_by_us(found, reader.header) == expected_of_lxml(data), path.name
                assert not reader.skipped, path.name
        first, second = io.BytesIO(), io.BytesIO()
        write_units(first, found, reader.header)
        again, reader = units(first.getvalue(), tmp_path)
        write_units(second, again, reader.header)
        assert first.getvalue() == second.getvalue(), path.name
        assert [variant.segment for unit in again for variant in unit.variants] == [
            variant.segment for unit in found for variant in unit.variants
        ], path.name
        read += 1
    assert (read, refused) == (54, 1)
