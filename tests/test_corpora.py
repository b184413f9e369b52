"""The sample corpus as it is committed: complete, up to date, and varied enough to be a test."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT / "corpora"
sys.path.insert(0, str(ROOT / "scripts"))

from corpora_rendering.authored import LANGUAGES, read_corpora  # noqa: E402
from corpora_rendering.dress import page_dress  # noqa: E402
from corpora_rendering.encoding import ENCODINGS  # noqa: E402
from corpora_rendering.phrases import phrase_releases, read_phrases  # noqa: E402


@pytest.fixture(scope="module")
def releases():
    return read_corpora(CORPORA)


@pytest.fixture(scope="module")
def golds():
    return {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CORPORA.glob("*/*.gold.json"))}


def test_what_is_committed_is_what_would_be_rendered():
    command = [sys.executable, ROOT / "scripts" / "render_corpora", "--check"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr


def test_there_are_enough_releases_of_every_collection(releases):
    assert len(releases) >= 40
    assert {release.collection for release in releases} == {"defence", "foreign", "speeches", "pressers", "statistics"}


def test_releases_have_a_usual_length(releases):
    for release in releases:
        for language in LANGUAGES:
            assert 6 <= len(release.sentences(language)) <= 70, release.id


def test_gold_covers_every_sentence_once_and_in_order(releases, golds):
    assert len(golds) == len(releases)
    for path, gold in golds.items():
        assert gold["id"] == path.name.removesuffix(".gold.json")
        for side, language in enumerate(LANGUAGES):
            covered = [index for bead in gold["beads"] for index in bead[side]]
            assert covered == list(range(len(gold[language]))), path
            blocks = [sentence["block"] for sentence in gold[language]]
            assert blocks == sorted(blocks), path
            assert set(blocks) == set(range(blocks[-1] + 1)), path
        assert all(ja or en for ja, en in gold["beads"]), path


def test_pages_hold_every_sentence_in_order(releases, golds):
    for release in releases:
        gold = golds[release.path.with_suffix(".gold.json")]
        for language in LANGUAGES:
            seen = seen_text(release, language)
            place = 0
            for sentence in gold[language]:
                text = re.sub(r"\s+", "", sentence["text"])
                found = seen.find(text, place)
                assert found >= 0, (release.id, sentence)
                place = found + len(text)


def seen_text(release, language):
    """Return what a reader sees of a page or text file, without white space; ruby readings are no text."""
    template, encoding = page_dress(release, language)
    page = release.path.with_suffix(f".{language}.{'txt' if template == 'text' else 'html'}")
    try:
        text = page.read_bytes().decode(ENCODINGS[encoding].codec)
    except UnicodeDecodeError:
        # A text file whose encoding lacks one of its characters is written in UTF-8.
        text = page.read_text(encoding="utf-8")
    if template != "text":
        tree = html.document_fromstring(re.sub(r"^\ufeff|^<\?xml[^>]*\?>", "", text))
        for element in tree.xpath("//script | //style | //rt | //rp | //head | //comment()"):
            element.drop_tree()
        text = tree.text_content()
    return re.sub(r"\s+", "", text)


def test_every_kind_of_bead_is_there(golds):
    shapes = Counter(f"{len(ja)}-{len(en)}" for gold in golds.values() for ja, en in gold["beads"])
    assert {"1-1", "1-2", "1-3", "2-1", "2-2", "1-0", "0-1"} <= set(shapes)
    # A corpus of one-to-one beads would tell nothing about an aligner, one without them would be no translation.
    assert 0.5 < shapes["1-1"] / shapes.total() < 0.9


def test_every_kind_of_block_is_there(golds):
    kinds = {sentence["kind"] for gold in golds.values() for language in LANGUAGES for sentence in gold[language]}
    assert kinds == {"title", "dateline", "heading", "paragraph", "item", "speaker", "note", "cell"}


def test_pages_differ_in_template_and_encoding(releases):
    dress = [(language, *page_dress(release, language)) for release in releases for language in LANGUAGES]
    templates = Counter(template for _, template, _ in dress)
    assert len(templates) >= 11
    assert 0.08 <= templates["text"] / len(dress) <= 0.3
    japanese = {(template == "text", encoding) for language, template, encoding in dress if language == "ja"}
    assert {"shift_jis", "euc-jp", "shift_jis-undeclared", "utf-8-bom"} <= {name for text, name in japanese if not text}
    assert (True, "utf-16") in japanese
    assert {"euc-jp-as-shift_jis", "utf-8-as-shift_jis"} & {name for text, name in japanese if not text}
    english = {encoding for language, _, encoding in dress if language == "en"}
    assert english & {"windows-1252", "windows-1252-as-iso-8859-1"}
    assert "iso-8859-1" in english
    plain = sum(ENCODINGS[encoding].codec == "utf-8" for _, _, encoding in dress)
    assert plain / len(dress) > 0.5


def test_fixed_phrases_recur(releases):
    phrases = read_phrases(CORPORA / "phrases.tsv")
    recurring = sum(len(used) >= 2 for used in phrase_releases(phrases, releases))
    assert recurring >= 90


def test_pages_say_that_they_are_invented():
    pages = [*CORPORA.glob("*/*.ja.html"), *CORPORA.glob("*/*.en.html")]
    assert pages
    for page in pages:
        data = page.read_bytes()
        assert re.search(rb"<!-- [^>]*Invented sample material[^>]*-->", data), page
        assert re.search(rb'(?i)name="description" content="[^"]*Invented sample material', data), page
