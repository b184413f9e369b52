"""The HTML report as one page: complete, escaped, self-contained, the same each time."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.evaluation import Content, Resampling, evaluate
from tmalign.scoring.glossary import GlossaryTerm
from tmalign.scoring.material import Cut, Hypothesis, ReferenceDocument, References
from tmalign.scoring.metrics import Metric, choose_tokenizer
from tmalign.scoring.report import write_report
from tmalign.scoring.results import Overlap, Results, SystemResult

# Invented for these tests.
JA = ["防衛大臣は会談を行った。", "会談は15時30分に始まった。", "政府は12億円を支出する。", "詳細は確認中である。"]
EN = [
    "The Minister of Defense held a meeting.",
    "The meeting began at 3:30 p.m.",
    "The government will spend 1.2 billion yen.",
    "The details are being confirmed, and the ministry will hold another meeting with the press on this in the spring.",
]
GOOD = [
    "The Defense Minister held a meeting.",
    "The meeting began at 15:30.",
    "The state will spend 1.2 billion yen.",
    EN[3],
]
POOR = ["The minister met.", "It began at three.", "The government will spend 12 billion yen.", "Details are checked."]
HOSTILE = "<script>alert(1)</script>&amp;\"'><img src=x onerror=y>\u202e]]>-->\x00\ud800</style></title>"


def references(ja=JA, en=EN, target="en"):
    sides = (ja, en) if target == "en" else (en, ja)
    documents = tuple(
        ReferenceDocument(f"d{part}", tuple(sides[1][cut]), tuple(sides[0][cut]), ("x", "y")[part])
        for part, cut in enumerate((slice(0, 2), slice(2, 4)))
    )
    return References("memory.tmx", target, documents, "digest")


def results(systems=None, *, target="en", baseline="", samples=20, en=EN):
    given = references(en=en, target=target)
    hypotheses = [
        Hypothesis(name, name, tuple(lines)) for name, lines in (systems or {"good": GOOD, "poor": POOR}).items()
    ]
    tokenizer = choose_tokenizer(target, "char" if target == "ja" else "")
    metrics = [Metric(name, target, tokenizer.name, given.segments) for name in ("BLEU", "chrF", "TER")]
    content = Content((GlossaryTerm(("防衛大臣",), ("Minister of Defense", "Defense Minister")),), figures=True)
    return evaluate(given, hypotheses, metrics, Resampling(samples, 20, baseline=baseline), content)


class Page(HTMLParser):
    """A page read back: its elements, that they nest, and its text."""

    VOID = ("meta", "br", "hr", "col")

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text, self.ids, self.links = [], [], [], set(), set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs)
        self.seen.append((tag, attributes))
        self.ids.add(attributes.get("id"))
        self.links.add(attributes.get("href", "").removeprefix("#"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.seen if name == tag]


def test_everything_has_its_place():
    given = replace(
        results(baseline="poor"),
        overlaps=(Overlap(1, "d0", 0.93, EN[1], "The meeting began at 3 p.m."),),
        notes=("2 units were left out",),
    )
    page = Page(write_report(given))
    text = "".join(page.text)
    headings = ("Scores", "By document", "By collection", "By sentence length", "Where two systems differ most")
    for heading in (*headings, "Terms", "Figures", "Seen in training"):
        assert heading in text
    assert page.links - {""} <= page.ids
    for system in given.systems:
        for score in system.scores:
            assert f"{score.value:.2f}" in text
            assert f"{score.low:.2f} – {score.high:.2f}" in text
            assert score.signature in text
    assert "2 units were left out" in text
    assert "93%" in text
    assert len(page.all("svg")) >= 3 + 3 + 3
    assert "Of TER, less is better." in text
    misses = re.search(r"3 misses.*?</table>|2 misses.*?</table>|1 miss.*?</table>", write_report(given))[0]
    assert any(line in misses for line in (*GOOD, *POOR))


def test_the_page_needs_nothing_else():
    text = write_report(results())
    assert not re.search(r"<(script|link|img|iframe|object|embed|form)\b", text)
    assert not re.search(r"(?:href|src)=\"(?!#)|url\(|@import", text)
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_same_results_give_the_same_page():
    assert write_report(results(baseline="good")) == write_report(results(baseline="good"))


def test_texts_stay_texts():
    given = results({HOSTILE: [HOSTILE, *GOOD[1:]], "b": POOR}, en=[f"A {HOSTILE}", *EN[1:]])
    shown = write_report(replace(given, notes=(HOSTILE,), baseline=HOSTILE))
    page = Page(shown)
    assert not page.all("script")
    assert not page.all("img")
    text = "".join(page.text)
    # What a page cannot hold is replaced, everything else is there to the letter.
    assert HOSTILE.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") in text
    shown.encode("utf-8")


ODD = st.text(st.sampled_from("<>&\"'/!-[] ab日本\n\t\x00\x1b\u202e\ud800\ufffe"), max_size=12)


@settings(deadline=None, max_examples=40)
@given(ODD, ODD, ODD, st.sampled_from(["ja", "en"]))
def test_no_text_breaks_the_page(name, segment, reference, target):
    side = [reference, *(EN if target == "en" else JA)[1:]]
    given = results({name or "a": [segment, *POOR[1:]], name + "b": [*GOOD[:3], segment]}, target=target, samples=0,
                    en=side if target == "en" else EN)  # fmt: skip
    Page(write_report(given)).close()


def test_for_readers_of_every_kind():
    page = Page(write_report(results()))
    assert page.all("html") == [{"lang": "en"}]
    assert all(image.get("aria-label") or image.get("aria-hidden") for image in page.all("svg"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert {cell.get("scope") for cell in page.all("th")} == {"row", "col"}
    assert {"en", "ja"} <= {element.get("lang") for _, element in page.seen}
    style = write_report(results())
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_many_systems_show_the_best_and_the_baseline():
    lines = {f"system{n:02}": [*GOOD[:2], *POOR[2:]] for n in range(9)} | {"last": ["no", "word", "is", "right"]}
    text = write_report(results(lines, baseline="last"))
    legend = re.search(r'<ul class="legend">.*?</ul>', text)[0]
    assert legend.count("<li>") == 6
    assert "last" in legend
    assert "6 of 10 systems: the best and the baseline." in text


def test_one_system_without_intervals():
    text = write_report(results({"only": GOOD}, samples=0))
    assert "One system, Japanese to English" in text
    assert "Where two systems differ most" not in text
    assert re.search(r"\d+\.\d\d – \d+\.\d\d", write_report(results({"only": GOOD})))
    assert not re.search(r"\d+\.\d\d – \d+\.\d\d", text)


def test_running_text_is_reported_on():
    given = results()
    first = given.systems[0]
    cut = Cut("cut:lattice.2", empty=(3,), swapped=((0, 1),), doubtful=(2, 3))
    systems = (replace(first, hypothesis=replace(first.hypothesis, cut=cut)), *given.systems[1:])
    text = "".join(Page(write_report(replace(given, systems=systems, segmentation="document"))).text)
    assert "cut into the reference's segments" in text
    assert "d0 1 and 2" in text
    assert (
        "d0"
        not in "".join(Page(write_report(replace(given, systems=systems, excluded=1))).text).split("Running text")[-1]
    )


def test_results_without_anything_are_refused_and_bare_ones_shown():
    bare = SystemResult(Hypothesis("a", "a", tuple(GOOD)), ())
    assert "One system" in write_report(Results(references(), (bare,), ("BLEU",), "segment"))
    with pytest.raises(ValueError, match="no system"):
        write_report(Results(references(), (), ("BLEU",), "segment"))
