"""Hand-made cases whose right counts are known: terms by characters and lemmas, figures by value."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import EmptyFileError, FormatError
from tmalign.memory.store import Store
from tmalign.scoring.glossary import GlossaryTerm, read_glossary
from tmalign.scoring.material import ReferenceDocument, References
from tmalign.scoring.occurrences import FormIndex, leftmost_longest
from tmalign.scoring.terminology import Terminology, figure_accuracy
from tmalign.term_model import TermRendering, TermStatus
from tmalign.terms.entry import TermDecision
from tmalign.terms.termbase import Termbase


def found(forms, language, text):
    return [forms[one.form] for one in leftmost_longest(FormIndex(forms, language).find(text))]


@pytest.mark.parametrize(
    ("forms", "text", "expected"),
    [
        (["防衛大臣", "防衛", "大臣"], "防衛大臣は防衛を語る。", ["防衛大臣", "防衛"]),
        (["京都"], "東京都と京都", ["京都"]),
        (["アジ"], "アジアでアジを食べる", ["アジ"]),
        (["ミサイル"], "弾道ミサイルシステム", ["ミサイル"]),
        (["ＮＡＴＯ"], "NATOの会合", ["ＮＡＴＯ"]),
        (["NATO"], "ＮＡＴＯの会合", ["NATO"]),
        (["ｶﾅﾀﾞ"], "カナダ", ["ｶﾅﾀﾞ"]),
        (["引き下げる"], "金利を引き下げた", ["引き下げる"]),
        (["意見を交換する"], "意見を交換した。", ["意見を交換する"]),
        (["子供"], "子どもの教育", ["子供"]),
        (["。", ""], "終わり。", ["。"]),
        (["防衛"], "", []),
    ],
)
def test_japanese_forms(forms, text, expected):
    assert found(forms, "ja", text) == expected


@pytest.mark.parametrize(
    ("forms", "text", "expected"),
    [
        (["ballistic missile", "missile"], "Ballistic missiles and a missile", ["ballistic missile", "missile"]),
        (["the Minister of Defense"], "Ministers of Defense", ["the Minister of Defense"]),
        (["US"], "They told us that the US agreed", ["US"]),
        (["U.S. forces", "US"], "US forces left; the U.S. agreed", ["U.S. forces", "US"]),
        (["defense program"], "Defence programmes", ["defense program"]),
        (["exchange views"], "They exchanged views", ["exchange views"]),
        (["cooperation"], "co-operation", []),
        (["free and open Indo-Pacific"], "a Free and Open Indo–Pacific", ["free and open Indo-Pacific"]),
        (["---", ""], "anything ---", []),
    ],
)
def test_english_forms(forms, text, expected):
    assert found(forms, "en", text) == expected


@settings(deadline=None)
@given(
    st.lists(st.text("防衛大臣京都会", min_size=1, max_size=3), min_size=1, max_size=4),
    st.text("防衛大臣京都会。", max_size=8),
)
def test_chosen_places_never_overlap_and_hold_their_forms(forms, text):
    index = FormIndex(forms, "ja")
    chosen = sorted({(one.start, one.end) for one in leftmost_longest(index.find(text))})
    assert all(one[1] <= other[0] for one, other in pairwise(chosen))
    every = index.find(text)
    for one in every:
        assert any(one.start < end and start < one.end for start, end in chosen)


TERMS = [
    GlossaryTerm(("防衛大臣",), ("Minister of Defense", "Defense Minister")),
    GlossaryTerm(("防衛",), ("defense",)),
    GlossaryTerm(("弾道ミサイル", "弾道弾"), ("ballistic missile",)),
    GlossaryTerm(("抗議する",), ("protest",)),
]


def references(pairs, target="en"):
    return References("r", target, (ReferenceDocument("d", tuple(t for _, t in pairs), tuple(s for s, _ in pairs)),))


def test_terms_into_english():
    sources = [
        "防衛大臣は防衛協力を語った。",  # two terms; both rendered
        "防衛大臣は防衛協力を語った。",  # the only `defense` belongs to the minister
        "弾道ミサイルと弾道弾に抗議した。",  # one entry counts once; inflected
        "防衛と防衛と防衛。",  # once a segment
        "天気がよい。",
    ]
    hypotheses = [
        "The Defense Minister spoke of defense cooperation.",
        "The Defense Minister spoke of cooperation.",
        "Protesting the ballistic missiles.",
        "Defence and defence.",  # the spelling is no miss
        "",
    ]
    accuracy = Terminology(TERMS, "en").accuracy(references([(s, "x") for s in sources]), hypotheses)
    assert (accuracy.found, accuracy.total) == (6, 7)
    assert [(miss.segment, miss.source) for miss in accuracy.misses] == [(1, "防衛")]
    assert accuracy.misses[0].expected == ("defense",)
    assert [(tally.source, tally.found, tally.total) for tally in accuracy.tallies] == [
        ("防衛", 2, 3),
        ("防衛大臣", 2, 2),
        ("弾道ミサイル", 1, 1),
        ("抗議する", 1, 1),
    ]


def test_terms_into_japanese():
    pairs = [
        ("The Minister of Defense protested.", "x"),
        ("Ballistic missiles are a matter of defense.", "x"),
    ]
    hypotheses = ["防衛大臣は抗議した。", "弾道弾は問題である。"]
    accuracy = Terminology(TERMS, "ja").accuracy(references(pairs, "ja"), hypotheses)
    assert (accuracy.found, accuracy.total) == (3, 4)
    assert [(miss.segment, miss.source, miss.expected) for miss in accuracy.misses] == [(1, "defense", ("防衛",))]


def test_entries_that_share_a_form_are_one_term():
    terms = [GlossaryTerm(("会談",), ("talks",)), GlossaryTerm(("会談",), ("meeting",))]
    accuracy = Terminology(terms, "en").accuracy(references([("会談した。", "x")]), ["A meeting was held."])
    assert (accuracy.found, accuracy.total) == (1, 1)


def test_figures_by_value():
    sources = ["令和3年に12億円を支出した。", "15時30分に始まり、3日間続いた。", "一つの例。", "50%増えた。"]
    hypotheses = [
        "It spent 1.2 billion yen in 2021.",
        "It began at 3:30 p.m. and lasted four days.",
        "An example.",
        "It fell by 5%.",
    ]
    accuracy = figure_accuracy(references([(s, "x") for s in sources]), hypotheses)
    assert (accuracy.found, accuracy.total) == (3, 5)
    assert [(miss.segment, miss.source) for miss in accuracy.misses] == [(1, "3日"), (3, "50%")]
    back = references(list(zip(hypotheses[:2], sources[:2], strict=True)), "ja")
    assert figure_accuracy(back, sources[:2]).found == 3


def test_shares():
    nothing = figure_accuracy(references([("天気がよい。", "x")]), ["Fine."])
    assert (nothing.total, nothing.share) == (0, None)


def test_numbers_of_segments_must_agree():
    with pytest.raises(ValueError, match="shorter"):
        Terminology(TERMS, "en").accuracy(references([("防衛", "x")] * 2), ["defense"])


@pytest.mark.parametrize(
    "lines",
    [
        ["防衛大臣\tMinister of Defense", "防衛大臣\tDefense Minister\tnote", "# comment", "", "悪い語\tx\t"],
        ["Minister of Defense|Defense Minister\t防衛大臣", "x\t悪い語"],
        ["status\tEN\tJA", "approved\tMinister of Defense\t防衛大臣", "\tDefense Minister\t防衛大臣",
         "forbidden\tArmy Minister\t防衛大臣", "\tx\t悪い語"],
        ["#UTX 1.11; ja-JP/en-US; 2024-01-01", "#src\ttgt\tsrc:pos\tterm status",
         "防衛大臣\tMinister of Defense\tnoun\tapproved",
         "防衛大臣\tDefense Minister\tnoun\t", "防衛大臣\tWar Minister\tnoun\tforbidden", "悪い語\tx\tnoun\t"],
    ],
)  # fmt: skip
def test_tables(write, lines):
    terms = read_glossary(write("g.tsv", lines))
    assert terms[0] == GlossaryTerm(("防衛大臣",), ("Minister of Defense", "Defense Minister"))
    assert [term.ja for term in terms[1:]] == [("悪い語",)]


def test_json_rows_plain_and_of_the_termbase(write):
    rows = [
        {"ja": "防衛大臣", "en": "Minister of Defense", "variants": ["Defense Minister"]},
        {
            "ja": "共同訓練",
            "variants": ["合同訓練"],
            "acronyms": ["JX"],
            "renderings": [
                {"en": "joint exercise", "status": "approved", "variants": ["joint exercises"]},
                {"en": "combined drill", "status": "candidate"},
                {"en": "war game", "status": "forbidden"},
            ],
        },
        {"ja": "候補", "renderings": [{"en": "candidate", "status": "candidate"}]},
    ]
    path = write("g.jsonl", [json.dumps(row) for row in rows])
    terms = read_glossary(path)
    assert terms == (
        GlossaryTerm(("防衛大臣",), ("Minister of Defense", "Defense Minister")),
        GlossaryTerm(("共同訓練", "合同訓練"), ("joint exercise", "joint exercises", "JX")),
    )
    assert len(read_glossary(path, candidates=True)) == 3


def test_the_stores_termbase(tmp_path):
    decision = TermDecision(
        "共同訓練",
        variants=("合同訓練",),
        renderings=(
            TermRendering("joint exercise", status=TermStatus.APPROVED, variants=("joint exercises",)),
            TermRendering("drill", status=TermStatus.FORBIDDEN),
            TermRendering("exercise"),
        ),
    )
    with Store(tmp_path / "memory.sqlite") as store:
        Termbase(store).decide([decision])
    expected = GlossaryTerm(("共同訓練", "合同訓練"), ("joint exercise", "joint exercises"))
    assert read_glossary(tmp_path / "memory.sqlite") == read_glossary(tmp_path) == (expected,)
    assert read_glossary(tmp_path, candidates=True)[0].en == ("joint exercise", "joint exercises", "exercise")


@pytest.mark.parametrize(
    ("name", "text", "error", "line"),
    [
        ("g.tsv", "no tab here\n", FormatError, 1),
        ("g.tsv", "防衛\tdefense\nno tab\n", FormatError, 2),
        ("g.tsv", "ja\tx\ten\n防衛\t\n", FormatError, 2),
        ("g.tsv", "防衛\t防衛\n", FormatError, 1),
        ("g.tsv", "防衛\t\n", FormatError, 1),
        ("g.tsv", "ja\ten\tstatus\n防衛\tdefense\tforbidden\n", EmptyFileError, None),
        ("g.jsonl", '{"en": "x"}\n', FormatError, 1),
        ("g.jsonl", '{"ja": "x", "renderings": 3}\n', FormatError, 1),
        ("g.jsonl", '{"ja": "x", "renderings": ["y"]}\n', FormatError, 1),
    ],
)
def test_bad_glossaries_are_refused_by_line(tmp_path, name, text, error, line):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error) as refused:
        read_glossary(path)
    assert (refused.value.line, bool(refused.value.hint)) == (line, True)
