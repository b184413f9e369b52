"""Bilingual drafts: TMX, XLIFF of both ages and tab-separated pairs give the same units; hostile files do nothing."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import FormatError, InputError, LanguageError
from tmalign.formats.draft import DraftUnit, read_draft

JA, EN = "両大臣は会談した。", "Both Ministers met."
TMX = f"""<?xml version="1.0"?>
<tmx version="1.4"><header srclang="ja"/><body>
<tu tuid="a:1"><tuv xml:lang="en-US"><seg>Both <bpt i="1">&lt;b&gt;</bpt>Ministers<ept i="1"/> met.</seg></tuv>
<tuv xml:lang="ja"><seg>{JA}</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>non</seg></tuv></tu>
</body></tmx>"""
XLIFF_1 = f"""<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file
source-language="ja-JP" target-language="en"><body>
<trans-unit id="7"><source>{JA}</source><target>Both <g id="1">Ministers</g> met.</target>
<alt-trans><target>Other</target></alt-trans></trans-unit>
<trans-unit id="8"><source>未訳の文。</source></trans-unit>
<trans-unit id="9" translate="no"><source>記号</source></trans-unit></body></file></xliff>"""
XLIFF_2 = f"""<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="ja" trgLang="en"><file id="f">
<unit id="u1"><segment id="s1"><source>{JA}</source><target>Both <pc id="1">Ministers</pc> met.</target></segment>
<segment id="s2"><source>未訳の文。</source></segment></unit></file></xliff>"""
WRITTEN = {
    "a.tmx": TMX,
    "b.xlf": XLIFF_1,
    "c.xliff": XLIFF_2,
    "d.tsv": f"{JA}\t{EN}\n",
    "e.txt": f"en\tja\n{EN}\t{JA}\n",
}


def read(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_draft(tmp_path / name)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_unit(tmp_path, name):
    draft = read(tmp_path, name, WRITTEN[name])
    assert (draft.units[0].ja, draft.units[0].en) == (JA, EN)
    assert draft.from_japanese is (name != "e.txt")


def test_names_and_lines(tmp_path):
    assert read(tmp_path, "a.tmx", TMX).units == (DraftUnit(JA, EN, "a:1", 3),)
    assert read(tmp_path, "a.tmx", TMX).passed_over == 1
    assert [(u.name, u.line, u.en) for u in read(tmp_path, "b.xlf", XLIFF_1).units] == [("7", 3, EN), ("8", 5, "")]
    assert [(u.name, u.en) for u in read(tmp_path, "c.xliff", XLIFF_2).units] == [("u1/s1", EN), ("u1/s2", "")]


def test_rows_of_an_untranslated_draft(tmp_path):
    draft = read(tmp_path, "d.tsv", f"{JA}\t{EN}\n次の文。\n\n")
    assert [(u.ja, u.en, u.line) for u in draft.units] == [(JA, EN, 1), ("次の文。", "", 2)]


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.tmx", "<tmx><body>", FormatError),
        ("a.tmx", "<html/>", FormatError),
        ("a.tmx", TMX.replace('"ja"', '"de"'), LanguageError),
        ("a.txt", "no pairs here\n", FormatError),
        ("a.txt", "un\tdeux\n", InputError),
    ],
)
def test_what_is_no_draft_is_refused(tmp_path, name, text, error):
    with pytest.raises(error) as caught:
        read(tmp_path, name, text)
    assert caught.value.hint


def test_entities_and_dtds_do_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    evil = f'<!DOCTYPE tmx SYSTEM "{secret.as_uri()}" [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = TMX.replace('<?xml version="1.0"?>', f'<?xml version="1.0"?>{evil}').replace("met.", "met&x;.")
    with contextlib.suppress(InputError):
        assert "secret" not in read(tmp_path, "a.tmx", text).units[0].en


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=120) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(["", "<tmx><body><tu>", "<xliff>", "ja\ten\n"]),
    st.sampled_from(["a.tmx", "a.xlf", "a.txt"]),
)
def test_no_bytes_crash_the_reader(tmp_path_factory, data, start, name):
    path = tmp_path_factory.mktemp("draft") / name
    path.write_bytes(start.encode() + data)
    with contextlib.suppress(InputError):
        read_draft(path)
