"""Labels of speakers, names of offices, signatures: by their own words (all invented)."""

import pytest

from tmalign.formats import labels
from tmalign.model import BlockKind


def cut(text, **options):
    return [
        (span.kind, span.marker, text[span.start : span.end])
        for span in labels.cut(text, BlockKind.PARAGRAPH, **options)
    ]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Mr. Taku Hamada, Deputy Spokesperson:", "Good afternoon."),
        ("Deputy Press Secretary Mr. Taku Hamada:", "I have one announcement."),
        ("Minister Hamada:", "It is so."),
        ("Reporter (Harbor News, L. Quist):", "Is it so?"),
        ("Ａ：", "そのとおりです。"),
        ("【沖野大臣】", "来週、現地を訪問します。"),
        ("【港湾通信　Ｌ．クイスト記者】", "（英語にて発言）"),
        ("記者）", "　港の件について伺います。"),
    ],
)
def test_a_label_and_what_is_said(label, said):
    assert cut(label + said) == [
        (BlockKind.SPEAKER, "", label),
        (BlockKind.PARAGRAPH, "", said.strip("　")),
    ]


@pytest.mark.parametrize(
    "text",
    ["外務大臣）と会談した。", "共同議長：山田太郎", "Minister Hamada met the press: it was late.", "A. Smith spoke."],
)
def test_no_labels(text):
    assert all(kind is not BlockKind.SPEAKER for kind, _, _ in cut(text))


def test_an_answer_needs_a_question_before_it():
    assert cut("A. No, he will not.", asked=True)[0] == (BlockKind.SPEAKER, "", "A.")
    assert cut("A. No, he will not.")[0][0] is not BlockKind.SPEAKER


@pytest.mark.parametrize("name", ["海川大臣　沖野 譲", "OKINO Yuzuru, Minister of Seas"])
def test_a_name_in_bold_before_a_speech(name):
    assert cut(name + "　諸君、おめでとう。", bold=len(name))[0] == (BlockKind.SPEAKER, "", name)
    assert len(cut(name + "　諸君、おめでとう。")) == 1
    assert labels.is_signature(name)


@pytest.mark.parametrize(
    "text", ["Safety Division, Coastal Safety Agency", "Joint Staff, Ministry of Defense", "海川省 港湾局"]
)
def test_offices(text):
    assert labels.is_issuer(text)


@pytest.mark.parametrize(
    "text", ["Opening of the New Harbor Office", "Visit to Norland, Verma and Seto", "海川省の新庁舎"]
)
def test_titles_are_no_offices(text):
    assert not labels.is_issuer(text)
