"""Mining small invented memories with planted phrases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.model import Unit
from tmalign.terms.mine import mine


def unit(number, ja, en, date=""):
    return Unit(ja, en, f"release-{number}", "", date or f"2024-{number % 12 + 1:02}-01", 1.0, (), (), position=number)


# Invented sentences; each phrase stands in several of them.
TEXTS = [
    ("両大臣は、力による一方的な現状変更の試みに強く反対することで一致した。",
     "The Ministers concurred that they strongly oppose any unilateral attempts to change the status quo by force."),
    ("力による一方的な現状変更の試みは、国際秩序への挑戦である。",
     "Unilateral attempts to change the status quo by force are a challenge to the international order."),
    ("海洋安全保障の重要性を確認し、国際秩序について意見交換を行った。",
     "They confirmed the importance of maritime security and exchanged views on the international order."),
    ("大臣は、国際協力機構（ＪＩＣＡ）の海洋安全保障に関する取組を説明した。",
     "The Minister explained the efforts of the Japan International Cooperation Agency (JICA) on maritime security."),
    ("国際協力機構は、研修の重要性を確認した。",
     "The Japan International Cooperation Agency confirmed the importance of training."),
    ("双方は、地域情勢について意見交換を行い、防衛協力を評価した。",
     "Both sides exchanged views on the regional situation and valued defence cooperation."),
    ("地域情勢は厳しく、防衛協力が必要である。",
     "The regional situation is severe, and defense cooperation is necessary."),
    ("海洋安全保障に関する研修に強く反対する声もあった。",
     "Some strongly opposed the training on maritime security."),
]  # fmt: skip


@pytest.fixture(scope="module")
def terms():
    return {t.ja: t for t in mine(unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS))}


def test_planted_phrases_are_found(terms):
    wanted = {
        "力による一方的な現状変更の試み": "unilateral attempts to change the status quo by force",
        "海洋安全保障": "maritime security",
        "国際秩序": "international order",
        "国際協力機構": "Japan International Cooperation Agency",
        "地域情勢": "regional situation",
        "意見交換を行った": "exchanged views",
        "重要性を確認した": "confirmed the importance of",
    }
    assert {ja: terms[ja].en.removeprefix("any ").lower() for ja in wanted if ja in terms} == {
        ja: en.lower() for ja, en in wanted.items()
    }


def test_a_part_of_a_longer_phrase_is_not(terms):
    assert not {"現状変更", "一方的な現状変更の試み", "国際協力", "安全保障"} & terms.keys()


def test_acronyms_variants_and_dates(terms):
    assert terms["国際協力機構"].acronyms == ("JICA",)
    defence = terms["防衛協力"]
    assert {defence.en, *defence.renderings[0].variants} == {"defence cooperation", "defense cooperation"}
    assert (defence.count, defence.first, defence.last) == (2, "2024-06-01", "2024-07-01")
    assert defence.releases == ("release-5", "release-6")


def test_inflected_forms_are_one_term(terms):
    assert terms["意見交換を行った"].count == 2
    assert "意見交換を行い" in terms["意見交換を行った"].variants


def test_examples_mark_the_phrase(terms):
    for term in terms.values():
        assert 1 <= len(term.examples) <= 3
        for example in term.examples:
            ja, en = example.ja[slice(*example.ja_span)], example.en[slice(*example.en_span)]
            assert ja
            assert en
            assert (example.ja, example.en) in TEXTS


def test_several_renderings_are_kept_with_their_dates():
    pairs = [
        ("関係を強化することで一致した。", "They agreed to strengthen relations.", "2020-01-01"),
        ("支援を強化することで一致した。", "They agreed to strengthen assistance.", "2020-02-01"),
        ("対話を開始することで一致した。", "They concurred in starting a dialogue.", "2023-01-01"),
        ("訓練を開始することで一致した。", "They concurred in starting an exercise.", "2023-02-01"),
    ]
    terms = {t.ja: t for t in mine(unit(n, *row) for n, row in enumerate(pairs))}
    agreed = next(t for t in terms.values() if len(t.renderings) == 2 or t.ja.endswith("一致した"))
    assert all(r.first <= r.last for r in agreed.renderings)


def test_one_context_is_said():
    pairs = [("防衛装備移転三原則の下で協力した。", "They cooperated under the Three Principles on Transfer.")] * 2
    terms = mine(unit(n, *row) for n, row in enumerate(pairs))
    assert terms
    assert all(t.count == 2 for t in terms)
    assert any(t.one_context for t in terms)


def test_the_same_units_give_the_same_terms():
    units = [unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS)]
    assert mine(units) == mine(iter(units))


def test_a_shuffled_memory_gives_the_same_phrases():
    units = [unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS)]
    mixed = [*units[::2], *units[1::2]]
    assert {(t.ja, t.count) for t in mine(units)} == {(t.ja, t.count) for t in mine(mixed)}


def test_least_count():
    units = [unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS)]
    assert {t.ja for t in mine(units, min_count=3)} <= {t.ja for t in mine(units)}
    assert all(t.count >= 3 for t in mine(units, min_count=3))


HOSTILE = [
    "",
    " ",
    "\ud800",
    "\x00",
    "。。。",
    "１２３",
    "\ufeff海",
    "a" * 6000,
    "(((",
    "É́",
    "ｶﾞｶﾞ",
    "😀😀",
    "\u3000\n\t",
]


def test_hostile_units_are_passed_over_and_the_rest_is_found():
    units = [unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS)]
    bad = [unit(100 + i, a, b) for i, a in enumerate(HOSTILE) for b in HOSTILE]
    found = {t.ja for t in mine([*bad, *units, *bad])}
    assert "海洋安全保障" in found
    assert "国際協力機構" in found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(
                alphabet=st.sampled_from("海洋安全保障の協力を確認した。はに、（）ＡＢ1・ー\ud800\x00"), max_size=20
            ),
            st.text(alphabet=st.sampled_from("maritime secuy(),.'- AB1\ud800\x00"), max_size=30),
        ),
        max_size=6,
    )
)
def test_any_units_can_be_mined(texts):
    for term in mine(unit(n, *pair) for n, pair in enumerate(texts)):
        assert term.ja
        assert term.en
        assert term.count >= 2
        assert 0 <= term.confidence <= 1
        assert term.renderings[0].en == term.en
        for example in term.examples:
            assert 0 <= example.ja_span[0] < example.ja_span[1] <= len(example.ja)
            assert 0 <= example.en_span[0] < example.en_span[1] <= len(example.en)


def test_nothing_from_nothing():
    assert mine([]) == []
    assert mine([unit(0, "海", "sea")]) == []
