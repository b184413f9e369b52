"""The renderer of the sample corpus: reading, markup that loses nothing, encodings, the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import html

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))

from corpora_rendering import authored, body, dress, encoding, inline, plain, rendering, templates  # noqa: E402
from corpora_rendering.choice import Choice  # noqa: E402

MEETING = """\
@id 2023-05-12-atlantis-talks
@collection defence
@date 2023-05-12
@genre ministers' meeting

J[title] 日・アトランティス防衛相会談について
E[title] Japan-Atlantis Defense Ministers' Meeting

J[dateline] 令和５年５月１２日（金）
E[dateline] Friday, May 12, 2023

J[p] 本日、１５時３０分から約５０分間、浜岡防衛大臣は、Ｊ・Smith国防大臣と会談を実施したところ、概要は以下のとおり。
E[p] On May 12, from 3:30 p.m., Minister HAMAOKA held a meeting with H.E. Mr. J. Smith of “Atlantis” – a café & harbour.
E The overview is as follows.

J[h １] 会談の概要

J[item （１）] 両大臣は、共同訓練「Sea-Star 23」の予算１．５億円～２億円について、P-1及びC-2の参加を確認した。
E[item 1] Both Ministers confirmed that P-1 and C-2 would take part in the joint exercise Sea-Star 23.

J また、海洋安全保障を歓迎した。
J さらに、「海は一つだ。共に守ろう。」と述べた。
E They also welcomed maritime security and said, "The sea is one. Let us guard it together."

J[item （２）] 次回は東京で開催する。
E[item 2] The next meeting will be held in Tokyo.

E[p] The Ministers thanked their hosts.

J[cell] 参加人員
E[cell] Personnel

J[cell] 約３００名が参加した。
E[cell] About 300 persons took part.

J[note ※] 数値は速報値である。
E[note *] Figures are preliminary.
"""
PRESSER = """\
@id atlantis-presser
@collection pressers
@date 2024-02-01
@genre press conference

J[title] 大臣会見
E[title] Press Conference

J[speaker] 記者
E[speaker] Q:

J[p] 訓練の意義を伺います。
J どのようにお考えでしょうか。
E[p] What does the exercise mean to you?

J[speaker] 大臣
E[speaker] Minister

J[p] 御指摘のとおりです。
E[p] It is as you say.
"""
NOTICE = """\
@id atlantis-notice
@collection statistics
@date 2024-03-01
@genre notice
@format txt
@encoding ja=utf-16 en=windows-1252

J[title] 統計の公表について
E[title] Release of Statistics

J[p] 令和５年度の見本統計を公表するので、お知らせする。
J 件数は前年度比３．５％増の１，２３４件であり、調査を開始した平成２０年度以降で最も多く、二年続けて増加したものである。
E[p] The sample statistics for fiscal year 2023 are hereby released.
E There were 1,234 cases, up 3.5% from the previous year, the most since the survey began in fiscal year 2008.

J[p] 次回の公表は、令和７年３月を予定している。
E[p] The next release is planned for March 2025.

J[item ・] 詳細は別途公表する。
E[item -] Details will be released separately.
"""
FIXTURES = {
    "defence/2023-05-12-atlantis-talks": MEETING,
    "pressers/atlantis-presser": PRESSER,
    "statistics/atlantis-notice": NOTICE,
}


@pytest.fixture
def corpora(tmp_path):
    for name, text in FIXTURES.items():
        path = tmp_path / f"{name}.release"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(*arguments):
    command = [sys.executable, SCRIPTS / "render_corpora", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def read(tmp_path, text, name="2023-05-12-atlantis-talks", folder="defence"):
    path = tmp_path / folder / f"{name}.release"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return authored.read_release(path)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def visible_text(data, codec):
    """Return what a reader would see, without white space; ruby readings are no text."""
    tree = html.document_fromstring(re.sub(r"^\ufeff?(<\?xml[^>]*\?>)?", "", data.decode(codec)))
    for element in tree.xpath("//script | //style | //rt | //rp | //head | //comment()"):
        element.drop_tree()
    return squeezed(tree.text_content())


def test_reading_gives_blocks_and_beads(tmp_path):
    release = read(tmp_path, MEETING)
    assert [block.kind for block in release.ja] == [
        "title",
        "dateline",
        "p",
        "h",
        "item",
        "item",
        "cell",
        "cell",
        "note",
    ]
    assert release.ja[4].marker == "（１）"
    assert len(release.ja[4].sentences) == 3
    shapes = [f"{len(ja)}-{len(en)}" for ja, en in release.beads]
    assert shapes == ["1-1", "1-1", "1-2", "1-0", "1-1", "2-1", "1-1", "0-1", "1-1", "1-1", "1-1"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("J[dateline]", "J[date]", 9, "unknown kind 'date'"),
        ("J[title] 日", "J 日", 6, "sentence before a block"),
        ("\nJ[dateline]", "\n\nJ[dateline]", 9, "empty bead"),
        ("J[h １] 会談の概要", "J[h １] 会談の概要 ", 16, "edge of the sentence"),
        ("J[h １] 会談の概要", "J[h １ ] 会談の概要", 16, "edge of the marker"),
        ("J[h １] 会談の概要", "J[h １] ", 16, "the sentence is empty"),
        ("E[title] Japan", "E[p] Japan", 37, "title missing"),
        ("@date 2023-05-12", "@date 2023-05-13", 1, "date mismatch"),
        ("@date 2023-05-12", "@date 2023-02-30", 1, "not a day"),
        ("@genre ministers' meeting\n", "", 1, "@genre is missing"),
        ("@collection defence", "@collection foreign", 1, "not the folder"),
        ("E The overview is", "J 以上。", 14, "J line after an E line"),
        ("海洋安全保障を歓迎した。", "海洋安全保障を歓迎した。以上。", 21, "two sentences in one line"),
        ("海洋安全保障を歓迎した。", "海洋安全保障を歓迎", 21, "no stop at its end"),
        ("J[note ※] 数値", "J[note] ※数値", 36, "stands in the text"),
        ("E They also", "English", 23, "not a sentence line"),
        ("@genre", "@gender", 4, "unknown header"),
        ("The next meeting will", "The  next meeting will", 26, "two spaces"),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, old, new, line, message):
    assert MEETING.count(old) == 1
    with pytest.raises(authored.ReleaseFormatError) as caught:
        read(tmp_path, MEETING.replace(old, new))
    assert any(place == line and message in text for place, text in caught.value.faults), caught.value.faults


def test_all_faults_of_all_files_are_reported_together(corpora):
    for path in corpora.glob("*/*.release"):
        path.write_text(path.read_text(encoding="utf-8").replace("[p]", "[para]"), encoding="utf-8")
    result = run(corpora)
    assert result.returncode == 1
    assert result.stderr.count("unknown kind 'para'") == sum(text.count("[p]") for text in FIXTURES.values())


@pytest.mark.parametrize("template", templates.TEMPLATES)
@pytest.mark.parametrize("name", ["defence/2023-05-12-atlantis-talks", "pressers/atlantis-presser"])
def test_every_template_keeps_every_sentence_in_order(tmp_path, name, template):
    folder, identifier = name.split("/")
    encodings = {"ja": "shift_jis", "en": "iso-8859-1"}
    wishes = f"@template {template}\n@format html\n@encoding ja=shift_jis en=iso-8859-1\n\n"
    release = read(tmp_path, FIXTURES[name].replace("\n\n", "\n" + wishes, 1), identifier, folder)
    files = rendering.render(release)
    gold = json.loads(files[f"{identifier}.gold.json"])
    for language, wished in encodings.items():
        seen = visible_text(files[f"{identifier}.{language}.html"], encoding.ENCODINGS[wished].codec)
        place = 0
        for sentence in gold[language]:
            found = seen.find(squeezed(sentence["text"]), place)
            assert found >= 0, (language, sentence)
            place = found + len(squeezed(sentence["text"]))


@pytest.mark.parametrize("items", ["paragraphs", "list", "numbered", "definition", "rows"])
@pytest.mark.parametrize("speakers", ["definition", "line", "bold", "colon"])
def test_every_manner_of_lists_and_labels_keeps_every_sentence_once(tmp_path, items, speakers):
    style = body.BodyStyle(items=items, speakers=speakers, wrap=30, inline={"ruby": 9, "link": 9, "lang": 9})
    presser = read(tmp_path, PRESSER, "atlantis-presser", "pressers")
    for blocks in (presser.ja, read(tmp_path, MEETING).ja):
        decorate = inline.Decorator("ja", Choice("x"), style.wrap, budget=dict(style.inline))
        shown = body.presented(blocks, speakers, "ja")
        seen = visible_text(body.BodyWriter(style, "ja", Choice("x"), decorate).write(shown).encode(), "utf-8")
        expected = "".join(block.marker + "".join(block.sentences) for block in shown)
        assert seen == squeezed(expected)


@pytest.mark.parametrize("template", ["xhtml", "article"])
@pytest.mark.parametrize("wished", [name for name in encoding.ENCODINGS if name != "utf-16"])
def test_bytes_are_in_the_codec_and_declared_as_said(tmp_path, wished, template):
    wishes = f"\n@format html\n@template {template}\n@encoding {wished}\n\n"
    data = rendering.render(read(tmp_path, MEETING.replace("\n\n", wishes, 1)))["2023-05-12-atlantis-talks.ja.html"]
    chosen = encoding.ENCODINGS[wished]
    assert data.startswith(chosen.byte_order_mark)
    assert "防衛相会談" in visible_text(data, chosen.codec)
    declared = {name.decode() for name in re.findall(rb'(?:charset=|encoding=)"?([A-Za-z0-9_-]+)', data)}
    assert declared == ({chosen.declared} if chosen.declared else set())


@pytest.mark.parametrize("layout", plain.LAYOUTS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_text_files_keep_every_sentence(tmp_path, layout, language):
    release = read(tmp_path, NOTICE, "atlantis-notice", "statistics")
    text = plain.write_text(release.blocks(language), layout, "line", language, Choice("x"))
    assert squeezed("".join(release.sentences(language))) == squeezed(text.replace("・", "").replace("- ", ""))
    if layout != "open":
        widths = [sum(inline.width(char) for char in line) for line in text.splitlines()]
        assert max(widths) <= (74 if language == "ja" else 72)
        assert len(text.splitlines()) > len(release.blocks(language)) * 2 - 1 or layout == "indented"


def test_text_encodings_follow_the_header(corpora):
    assert run(corpora).returncode == 0
    folder = corpora / "statistics"
    assert "見本統計" in (folder / "atlantis-notice.ja.txt").read_text(encoding="utf-16")
    assert not (folder / "atlantis-notice.ja.html").exists()


def test_source_lines_break_only_where_they_can_be_joined_again():
    text = "本日、P-1 及び C-2輸送機（U.S. Navy）が参加し、浜岡防衛大臣は、１．５億円の協力を確認した。" * 3
    wrapped = inline.Decorator("ja", Choice("x"), wrap=20, margin="   ")(text)
    assert wrapped.count("\n") > 10
    assert re.sub(r"\n +", "", wrapped) == text
    english = "The Ministers of the U.S. and Japan met at 3:30 p.m. & talked. " * 3
    broken = inline.Decorator("en", Choice("x"), wrap=20)(english.strip())
    assert re.sub(r"\s+", " ", broken).replace("&amp;", "&") == english.strip()


@pytest.mark.parametrize(
    ("texts", "columns"),
    [
        (["区分", "金額", "人件費", "２億円", "物件費", "３億円"], 2),
        (["国", "隻数", "人員", "豪州", "２隻", "３００名", "印", "１隻", "１５０名"], 3),
        (
            [
                "区分",
                "件数",
                "前年度比",
                "申請",
                "１２件",
                "５％増",
                "許可",
                "９件",
                "２％減",
                "却下",
                "３件",
                "１％減",
            ],
            3,
        ),
        (["対象国", "取組", "印", "研修", "豪州", "派遣"], 2),
        (["本件は終了した。"], 1),
    ],
)
def test_cells_fall_into_the_columns_of_a_table(texts, columns):
    assert body.column_count(texts) == columns


@pytest.mark.parametrize(
    ("marker", "language", "prefix"),
    [
        ("1", "en", "1. "),
        ("(1)", "en", "(1) "),
        ("Note 1", "en", "Note 1: "),
        ("*", "en", "* "),
        ("１", "ja", "１　"),
        ("ア", "ja", "ア　"),
        ("", "ja", ""),
    ],
)
def test_markers_stand_as_on_real_pages(marker, language, prefix):
    assert inline.marker_prefix(marker, language, Choice("x")) == prefix


LETTERS = st.text(st.sampled_from("防衛大臣はがのー、。「」（）１２．・PC-2Z~& <>é“”〜"), min_size=1, max_size=120)
TEXTS = LETTERS.map(lambda text: " ".join(text.split())).filter(bool)


def unwrapped(text):
    """Join source lines as a careful reader does: nothing between two wide characters, else a space."""
    wide = r"[^\x00-\u024f“”]"
    return re.sub(r"\s*\n\s*", " ", re.sub(rf"(?<={wide})\n\s*(?={wide})", "", text))


@given(TEXTS, st.sampled_from(["ja", "en"]), st.booleans())
def test_any_text_comes_back_from_its_markup(text, language, named):
    # No English text has wide characters parted by a space, and no reader could tell such a space from a wrap.
    assume(language == "ja" or not re.search(r"[^\x00-\u024f“”] [^\x00-\u024f“”]", text))
    budget = {"ruby": 1, "strong": 1, "link": 1, "lang": 5, "comment": 1}
    decorate = inline.Decorator(language, Choice("x"), wrap=12, named_entities=named, hard_spaces=True, budget=budget)
    tree = html.fragment_fromstring(decorate(text), create_parent="p")
    for element in tree.xpath(".//rt | .//rp | .//comment()"):
        element.drop_tree()
    assert unwrapped(tree.text_content()).replace("\u00a0", " ") == text


@given(TEXTS, st.sampled_from(["ja", "en"]))
def test_any_text_comes_back_from_filled_lines(text, language):
    assume(language == "ja" or not re.search(r"[^\x00-\u024f“”] [^\x00-\u024f“”]", text))
    assert unwrapped("\n".join(plain.filled(text, language))) == text


def test_colon_labels_stand_in_the_gold_as_on_the_page(tmp_path):
    text = PRESSER.replace("\n\n", "\n@template weblog\n@format html\n\n", 1)
    for number in range(20):
        release = read(tmp_path, text.replace("atlantis-presser", f"presser{number}"), f"presser{number}", "pressers")
        files = rendering.render(release)
        gold = json.loads(files[f"presser{number}.gold.json"])
        page = visible_text(files[f"presser{number}.ja.html"], "utf-8-sig")
        assert gold["ja"][1]["kind"] == "speaker"
        assert gold["ja"][1]["text"] + "訓練の意義" in page
        if gold["ja"][1]["text"] == "記者：":
            return
    pytest.fail("no page used the colon manner")


def test_rendering_is_repeatable_and_checked(corpora):
    assert run(corpora, "--check").returncode == 1
    first = run(corpora)
    assert first.returncode == 0, first.stderr
    before = {path: path.read_bytes() for path in corpora.rglob("*") if path.is_file()}
    assert len(before) == 4 * len(FIXTURES)
    assert "0 written, 0 removed" in run(corpora).stdout
    assert before == {path: path.read_bytes() for path in corpora.rglob("*") if path.is_file()}
    assert run(corpora, "--check").returncode == 0
    page = corpora / "defence" / "2023-05-12-atlantis-talks.gold.json"
    page.write_bytes(page.read_bytes() + b" ")
    assert "not up to date" in run(corpora, "--check").stderr
    assert run(corpora).returncode == 0
    release = corpora / "statistics" / "atlantis-notice.release"
    release.write_text(
        NOTICE.replace("@format txt\n@encoding ja=utf-16 en=windows-1252", "@format html"), encoding="utf-8"
    )
    assert "left from an earlier rendering" in run(corpora, "--check").stderr
    assert "2 removed" in run(corpora).stdout


def test_a_header_that_asks_for_the_impossible_is_named(tmp_path):
    wrong = read(tmp_path, MEETING.replace("\n\n", "\n@template baroque\n@format html\n\n", 1))
    with pytest.raises(dress.RenderingError, match="baroque"):
        rendering.render(wrong)
    lacking = read(tmp_path, MEETING.replace("\n\n", "\n@format txt\n@encoding ja=windows-1252\n\n", 1))
    with pytest.raises(dress.RenderingError, match="lacks a character"):
        rendering.render(lacking)
    assert run(tmp_path / "nowhere").returncode == 2
