"""XLIFF with the memory's matches: for plain sources, and beside what an XLIFF file has."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tmalign.errors import EmptyFileError, FormatError, LanguageError, MissingFileError, TmalignError
from tmalign.formats.draft import read_draft
from tmalign.memory.listing import ListedMemory
from tmalign.memory.lookup import Lookup
from tmalign.memory.pretranslation import PretranslationOptions, pretranslate
from tmalign.memory.sources import read_source
from tmalign.model import Unit

V12 = "{urn:oasis:names:tc:xliff:document:1.2}"
V2 = "{urn:oasis:names:tc:xliff:document:2.0}"
MTC = "{urn:oasis:names:tc:xliff:matches:2.0}"

MEMORY = (
    ("両大臣は会談を行った。", "The two Ministers held talks."),
    ("両大臣は会談を行った。", "The two Ministers held a <meeting> & dined."),
    ("両大臣は会談を行った。", "The two Ministers held talks."),
    ("両大臣が会談を行った。", "Both Ministers held talks."),
    ("訳のない文。", ""),
)


def lookup():
    return Lookup(ListedMemory(Unit(ja, en, "r<1>", "", "", 1.0, (), ()) for ja, en in MEMORY))


def done(path, **options):
    stream = io.BytesIO()
    result = pretranslate(path, stream, lookup(), PretranslationOptions(**options))
    return result, etree.fromstring(stream.getvalue())


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "a&b.ja.txt"
    path.write_text("両大臣は会談を行った。\n\n両大臣と会談を行った。\n\n全く別の文である。\n", encoding="utf-8")
    return path


def test_matches_in_1_2(text):
    result, root = done(text)
    assert (result.segments, result.exact, result.fuzzy, result.filled) == (3, 1, 1, 1)
    assert root.find(f"{V12}file").get("original") == "a&b.ja.txt"
    units = root.findall(f".//{V12}trans-unit")
    first = units[0].findall(f"{V12}alt-trans")
    assert [alt.get("match-quality") for alt in first] == ["100%", "100%", "90%"]
    assert first[1].findtext(f"{V12}target") == "The two Ministers held a <meeting> & dined."
    assert first[0].get("origin") == "r<1>"
    target = units[0].find(f"{V12}target")
    assert (target.text, target.get("state")) == ("The two Ministers held talks.", "translated")
    assert [alt.get("match-quality") for alt in units[1].findall(f"{V12}alt-trans")] == ["90%", "90%", "90%"]
    assert units[1].find(f"{V12}target") is None
    assert len(units[2]) == 1


def test_matches_in_2_1(text):
    _, root = done(text, version="2.1", proposals=1, fill=80)
    assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.1", "ja", "en")
    units = root.findall(f".//{V2}unit")
    match = units[1].find(f"{MTC}matches/{MTC}match")
    assert (match.get("similarity"), match.get("ref")) == ("90.0", "#m1")
    assert units[1].find(f"{V2}segment/{V2}source/{V2}mrk").get("id") == "m1"
    assert units[1].findtext(f"{V2}segment/{V2}target") == "The two Ministers held talks."
    assert units[1].find(f"{V2}segment").get("state") is None
    assert units[0].find(f"{V2}segment").get("state") == "translated"
    assert units[2].find(f"{MTC}matches") is None


def test_no_target_is_filled_above_100(text):
    result, root = done(text, fill=101)
    assert result.filled == 0
    assert root.find(f".//{V12}trans-unit/{V12}target") is None


def test_the_threshold_and_the_same_bytes(text):
    result, _ = done(text, threshold=95)
    assert (result.exact, result.fuzzy) == (1, 0)
    streams = [io.BytesIO(), io.BytesIO()]
    for stream in streams:
        pretranslate(text, stream, lookup(), PretranslationOptions())
    assert streams[0].getvalue() == streams[1].getvalue()


OLD = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:o="urn:other">
 <file original="x" source-language="ja-JP" target-language="en-US" datatype="html"><body>
  <trans-unit id="a"><source>両大臣は<bpt id="1">&lt;b&gt;</bpt>会談<ept id="1">&lt;/b&gt;</ept>を行った。</source>
   <note>kept</note><o:mine/></trans-unit>
  <trans-unit id="b"><source>両大臣は会談を行った。</source><target>Done already.</target></trans-unit>
  <trans-unit id="c" translate="no"><source>両大臣は会談を行った。</source></trans-unit>
  <trans-unit id="d"><source> </source></trans-unit>
 </body></file></xliff>"""

NEW = """<?xml version="1.0"?>
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="ja" trgLang="en"><file id="f">
 <unit id="u"><notes><note>kept</note></notes>
  <segment id="m1"><source>両大臣は<pc id="1">会談</pc>を行った。</source></segment>
  <segment><source><mrk id="m7" type="generic">両大臣が会談を行った。</mrk></source><target>Mine.</target></segment>
 </unit></file></xliff>"""


def test_an_old_xliff_file_keeps_what_it_has(tmp_path):
    path = tmp_path / "job.xlf"
    path.write_text(OLD, encoding="utf-8")
    result, root = done(path)
    assert (result.segments, result.exact, result.filled) == (2, 2, 2)
    one, two, three, four = root.findall(f".//{V12}trans-unit")
    assert [etree.QName(child).localname for child in one] == [
        "source", "target", "note", "alt-trans", "alt-trans", "alt-trans", "mine",
    ]  # fmt: skip
    assert one.find(f"{V12}source/{V12}bpt").text == "<b>"
    assert two.findtext(f"{V12}target") == "Done already."
    assert len(two.findall(f"{V12}alt-trans")) == 3
    assert len(three) == len(four) == 1


def test_a_new_xliff_file_keeps_what_it_has(tmp_path):
    path = tmp_path / "job.xliff"
    path.write_text(NEW, encoding="utf-8")
    result, root = done(path, proposals=1)
    assert (result.segments, result.exact) == (2, 2)
    unit = root.find(f".//{V2}unit")
    assert [etree.QName(child).localname for child in unit] == ["matches", "notes", "segment", "segment"]
    assert [match.get("ref") for match in unit[0]] == ["#m2", "#m7"]
    marker = unit[2].find(f"{V2}source/{V2}mrk")
    assert (marker.get("id"), "".join(marker.itertext())) == ("m2", "両大臣は会談を行った。")
    assert unit[3].findtext(f"{V2}target") == "Mine."


def test_sources_of_every_kind(tmp_path, text):
    assert read_source(text).segments == ("両大臣は会談を行った。", "両大臣と会談を行った。", "全く別の文である。")
    page = tmp_path / "a.en.html"
    page.write_text("<html><body><p>One sentence. Another one.</p></body></html>", encoding="utf-8")
    assert read_source(page).segments == ("One sentence.", "Another one.")
    job = tmp_path / "job.xlf"
    job.write_text(OLD, encoding="utf-8")
    assert read_source(job).segments == ("両大臣は会談を行った。",) * 2
    memory = tmp_path / "m.tmx"
    memory.write_text(
        '<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x"'
        ' adminlang="en" srclang="en-US" datatype="plaintext"/><body><tu><tuv xml:lang="en-US"><seg>A text.</seg></tuv>'
        '<tuv xml:lang="ja"><seg>文。</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    assert read_source(memory).segments == ("A text.",)
    assert read_source(memory, "ja").segments == ("文。",)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.xlf", "", EmptyFileError),
        ("a.xlf", "<xliff", FormatError),
        ("a.xlf", "<html/>", FormatError),
        ("a.xlf", '<xliff version="1.2"/>', LanguageError),
        ("a.xlf", OLD.replace("ja-JP", "de-DE"), LanguageError),
        ("a.xlf", OLD.replace("en-US", "ja"), LanguageError),
        ("a.xlf", '<!DOCTYPE x [<!ENTITY a "b">]><xliff version="2.0" srcLang="ja"><x>&a;</x></xliff>', EmptyFileError),
        ("a.xlf", None, MissingFileError),
        ("a.ja.txt", "", EmptyFileError),
        ("a.tmx", None, MissingFileError),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, error):
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    if error is EmptyFileError and content and "ENTITY" in content:
        with pytest.raises(error):
            read_source(path)
        return
    with pytest.raises(error):
        done(path)


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "a.xlf").mkdir()
    with pytest.raises(TmalignError, match="not an ordinary file"):
        read_source(tmp_path / "a.xlf")


def test_what_stands_in_what_is_not_to_be_translated_is_left_alone(tmp_path):
    path = tmp_path / "job.xlf"
    path.write_text(OLD.replace("<body>", '<body><group translate="no">').replace("</body>", "</group></body>"))
    with pytest.raises(EmptyFileError):
        read_source(path)
    path.write_text(
        NEW.replace('<file id="f">', '<file id="f" translate="no">').replace('"u">', '"u" translate="yes">')
    )
    assert len(read_source(path).segments) == 2


def test_one_reading_of_codes_for_every_use(tmp_path):
    inline = 'A<bpt id="1">[<sub>s</sub></bpt>B<ept id="1">]</ept><ph id="2">#</ph><it id="3">~</it><x id="4"/>'
    marked = '<g id="5">C</g><mrk mtype="x">D</mrk><!-- &no --><?no?>&e;'
    path = tmp_path / "job.xlf"
    path.write_text(
        '<!DOCTYPE xliff [<!ENTITY e "expanded">]><xliff version="1.2"><file source-language="en" target-language="ja">'
        f'<body><trans-unit id="n"><source>{inline}{marked}</source><target>訳</target>'
        "</trans-unit></body></file></xliff>",
        encoding="utf-8",
    )
    assert read_source(path).segments == ("ABCD&e;",)
    assert [(unit.name, unit.en, unit.ja) for unit in read_draft(path).units] == [("n", "ABCD&e;", "訳")]


def test_very_deep_nesting_does_not_break(tmp_path):
    path = tmp_path / "deep.xlf"
    inner = "<g>" * 200 + "会談" + "</g>" * 200
    path.write_text(OLD.replace("両大臣は会談を行った。", inner), encoding="utf-8")
    assert "会談" in read_source(path).segments


@given(data=st.binary(max_size=300), cut=st.integers(0, len(NEW)), modern=st.booleans())
@settings(max_examples=200, deadline=None)
def test_broken_xliff_never_breaks_the_reader(tmp_path_factory, data, cut, modern):
    path = tmp_path_factory.getbasetemp() / "fuzzed.xlf"
    whole = (NEW if modern else OLD).encode()
    path.write_bytes(whole[:cut] + data + whole[cut:])
    with contextlib.suppress(TmalignError):
        _, root = done(path)
        assert etree.QName(root).localname == "xliff"


def test_translate_toolkit_reads_both(text, tmp_path):
    xliff = pytest.importorskip("translate.storage.xliff", reason="translate-toolkit is not installed")
    out = tmp_path / "out.xlf"
    with out.open("wb") as stream:
        pretranslate(text, stream, lookup(), PretranslationOptions())
    store = xliff.xlifffile.parsefile(str(out))
    units = [unit for unit in store.units if not unit.isheader()]
    assert [unit.source for unit in units] == list(read_source(text).segments)
    assert units[0].target == "The two Ministers held talks."
    assert units[0].getalttrans()[1].target == "The two Ministers held a <meeting> & dined."
