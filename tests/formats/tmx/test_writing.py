"""Units of any tool written as TMX."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from tmalign.errors import OutputError
from tmalign.formats.exchange import CharacterMap, MemoryHeader, Note, Property, Tag, TranslationUnit, Variant
from tmalign.formats.tmx.writing import UnitsWritten, UnitWriter, write_units

UNIT = TranslationUnit(
    (
        Variant("ja", ("押す\r\n& <", Tag("ph", (("x", '"1"\n'),), "empty"), "鍵\x00")),
        Variant("", (), (), (Property("p", "v"),), (Note("n"),)),
    ),
    (("tuid", "1\t2"),),
    (Property("x-a", "\ud800a", (("lang", "ja"),)),),
    (Note("メモ", (("lang", "en"), ("xml:lang", "ja"))),),
)
WRITTEN = """    <tu tuid="1&#9;2">
      <note xml:lang="ja">メモ</note>
      <prop type="x-a" xml:lang="ja">a</prop>
      <tuv xml:lang="ja"><seg>押す&#13;
&amp; &lt;<ph x="&quot;1&quot;&#10;"/>鍵</seg></tuv>
      <tuv xml:lang="und">
        <note>n</note>
        <prop type="p">v</prop>
        <seg></seg>
      </tuv>
    </tu>
"""


def test_a_unit_is_written_so():
    stream = io.BytesIO()
    assert write_units(stream, [UNIT, TranslationUnit(())]) == UnitsWritten(1, 2, 1)
    text = stream.getvalue().decode()
    assert WRITTEN in text
    etree.fromstring(stream.getvalue())


def test_a_header_gets_what_it_lacks_and_keeps_what_it_has():
    header = MemoryHeader(
        "1.1",
        (("srclang", "EN-US"), ("segtype", "chapter"), ("creationid", "me"), ("o-tmf", "")),
        (Property("p", "v"),),
        (Note("n"),),
        (CharacterMap((("name", "u"),), ((("unicode", "#x1"),),)),),
    )
    head = etree.fromstring(UnitWriter(header).head().encode() + b"</body></tmx>").find("header")
    assert head.get("srclang") == "EN-US"
    assert (head.get("segtype"), head.get("o-tmf"), head.get("adminlang")) == ("block", "tmalign", "en")
    assert head.get("creationid") == "me"
    assert [child.tag for child in head] == ["note", "prop", "ude"]


def test_more_units_than_are_kept_together(tmp_path):
    path = tmp_path / "m.tmx"
    assert write_units(path, (UNIT for _ in range(1000))).units == 1000
    assert path.read_text(encoding="utf-8").count("<tu ") == 1000
    with pytest.raises(OutputError):
        write_units(tmp_path / "m.tmx" / "below", [])


def test_several_files_at_once():
    one, other = io.BytesIO(), io.BytesIO()
    with UnitWriter(MemoryHeader()).into(one) as first, UnitWriter(MemoryHeader()).into(other) as second:
        first(UNIT)
        second(TranslationUnit(()))
    whole, empty = io.BytesIO(), io.BytesIO()
    write_units(whole, [UNIT])
    write_units(empty, [])
    assert (one.getvalue(), other.getvalue()) == (whole.getvalue(), empty.getvalue())
