"""Word lists of any kind: glossaries, TBX, EDICT, JMdict."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmalign.errors import EmptyFileError, FormatError, InputError, MissingFileError, UnreadableFileError
from tmalign.formats.wordlists import WordEntry, read_wordlist

EDICT = """　？？？ /EDICT, EDICT_SUB(P), EDICT2/
護衛艦 [ごえいかん] /(n) escort vessel/destroyer/EntL1234560X/
協力;協働(io) [きょうりょく;きょうどう(io)] /(n,vs) cooperation/(P)/
"""
JMDICT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE JMdict [<!ENTITY n "noun (common) (futsuumeishi)">]>
<JMdict><entry><ent_seq>1</ent_seq><k_ele><keb>会談</keb><ke_pri>news1</ke_pri></k_ele><r_ele><reb>かいだん</reb></r_ele>
<sense><pos>&n;</pos><gloss>talks</gloss><gloss xml:lang="ger">Gespräch</gloss></sense></entry>
<entry><ent_seq>2</ent_seq><r_ele><reb>ああ</reb></r_ele><sense><gloss xml:lang="eng">like that</gloss></sense></entry>
</JMdict>
"""
TBX2008 = """<?xml version="1.0"?><martif type="TBX" xml:lang="ja"><text><body><termEntry id="a">
<langSet xml:lang="ja"><tig><term>護衛艦</term></tig><tig><term>護衛艦艇</term></tig></langSet>
<langSet xml:lang="en-US"><tig><term>destroyer</term><termNote type="x">note</termNote></tig></langSet>
<langSet xml:lang="fr"><tig><term>destroyer fr</term></tig></langSet></termEntry></body></text></martif>
"""
TBX2019 = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" xml:lang="en"><text><body><conceptEntry id="a">
<langSec xml:lang="en"><termSec><term>whole-of-government</term></termSec></langSec>
<langSec xml:lang="ja-JP"><termSec><term>政府一体</term></termSec></langSec></conceptEntry></body></text></tbx>
"""


def read(tmp_path, text, name="list"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_wordlist(path)


def pairs(found):
    return [(entry.words, entry.glosses) for entry in found.entries]


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp"])
def test_edict(tmp_path, encoding):
    found = read(tmp_path, (EDICT * 40).encode(encoding))
    assert found.kind == "edict"
    assert found.refused == ()
    assert found.entries[0] == WordEntry(("護衛艦",), ("(n) escort vessel", "destroyer"), ("ごえいかん",), usual=False)
    assert found.entries[1] == WordEntry(("協力", "協働"), ("(n,vs) cooperation",), ("きょうりょく", "きょうどう"))
    assert len(found.entries) == 80


@pytest.mark.parametrize("packed", [False, True])
def test_jmdict(tmp_path, packed):
    data = gzip.compress(JMDICT.encode()) if packed else JMDICT
    found = read(tmp_path, data)
    assert found.kind == "jmdict"
    assert found.entries == (
        WordEntry(("会談",), ("talks",), ("かいだん",)),
        WordEntry(("ああ",), ("like that",), (), usual=False),
    )


def test_tbx(tmp_path):
    assert pairs(read(tmp_path, TBX2008)) == [(("護衛艦", "護衛艦艇"), ("destroyer",))]
    assert pairs(read(tmp_path, TBX2019)) == [(("政府一体",), ("whole-of-government",))]


@pytest.mark.parametrize(
    "text",
    [
        "護衛艦\tdestroyer\n同盟\talliance\n",
        "#comment\nJapanese\tEnglish\tNote\n護衛艦\tdestroyer\tnote\n\n同盟\talliance\r\n",
        "日本語,English\n護衛艦,destroyer\n同盟,alliance\n",
        "english;japanese;x\ndestroyer;護衛艦;n\nalliance;同盟;m\n",
        "1,護衛艦,destroyer,noun\n2,同盟,alliance,noun\n",
        '\ufeff"護衛艦","destroyer"\n"同盟","alliance"\n',
    ],
)
def test_glossaries_in_either_order_with_or_without_a_head(tmp_path, text):
    found = read(tmp_path, text)
    assert found.kind == "glossary"
    assert pairs(found) == [(("護衛艦",), ("destroyer",)), (("同盟",), ("alliance",))]
    assert found.refused == ()


def test_rows_without_a_pair_are_named(tmp_path):
    found = read(tmp_path, "護衛艦\tdestroyer\n同盟\n同盟\t連盟\nalliance\tunion\n")
    assert [skipped.path.rpartition(":")[2] for skipped in found.refused] == ["2", "3", "4"]
    assert "side by side" in found.refused[0].message


def test_quotation_marks_in_a_tab_separated_glossary_are_text(tmp_path):
    assert pairs(read(tmp_path, '「船」\t"ship\n同盟\talliance\n'))[0] == (("「船」",), ('"ship',))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFileError),
        (b" \n", EmptyFileError),
        (b"no pair here\nnor here\n", EmptyFileError),
        (b"<html><body>no list</body></html>", FormatError),
        (b"<JMdict><entry>", FormatError),
        (b"\x1f\x8b\x08broken", FormatError),
        (b"<tbx><text><body></body></text></tbx>", FormatError),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), InputError),
    ],
)
def test_what_is_no_word_list_is_refused(tmp_path, data, error):
    with pytest.raises(error) as caught:
        read(tmp_path, data)
    assert caught.value.hint


def test_entities_are_not_expanded(tmp_path):
    bomb = '<!DOCTYPE JMdict [<!ENTITY a "会談">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    text = (
        bomb
        + "]><JMdict><entry><ent_seq>1</ent_seq><k_ele><keb>同盟</keb></k_ele>"
        + "<sense><gloss>alliance &h;</gloss></sense></entry></JMdict>"
    )
    with pytest.raises(FormatError):
        read(tmp_path, text)
    (entry,) = read(tmp_path, text.replace("&h;", "&a;")).entries
    assert entry.glosses == ("alliance",)


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(MissingFileError):
        read_wordlist(tmp_path / "none")
    with pytest.raises(UnreadableFileError):
        read_wordlist(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=120) | st.text(alphabet='護a\t,;"<>/[]&#\n', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path, data):
    try:
        found = read(tmp_path, data)
    except InputError as error:
        assert error.hint  # noqa: PT017 - refusing is as good as reading
    else:
        assert all(entry.words and entry.glosses for entry in found.entries)
