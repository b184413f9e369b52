"""Acronyms and kinds."""

import pytest

from tmalign.terms.acronyms import acronyms
from tmalign.terms.kinds import kind_of


@pytest.mark.parametrize(
    ("full", "text", "short"),
    [
        ("Japan International Cooperation Agency", "the Japan International Cooperation Agency (JICA) said", "JICA"),
        ("humanitarian assistance and disaster relief", "humanitarian assistance and disaster relief (HA/DR)", "HA/DR"),
        ("United Nations Convention on the Law of the Sea", "国連海洋法条約（ＵＮＣＬＯＳ）を", "UNCLOS"),
        ("Ministry of Defense", "the Ministry of Defense (MOD)/Self-Defense Forces", "MOD"),
    ],
)
def test_short_forms_are_tied(full, text, short):
    end = text.index(full) + len(full) if full in text else text.index("（")
    assert acronyms(full, [(text, end)]) == (short,)


@pytest.mark.parametrize(
    ("full", "text"),
    [
        ("security", "security (WPS)"),
        ("Agreement", "Agreement (ACSA)"),
        ("economic cooperation", "economic cooperation (ODA)"),
        ("Joint Staff", "Joint Staff (in Tokyo)"),
        ("Joint Staff", "Joint Staff, JS"),
    ],
)
def test_what_does_not_fit_is_not(full, text):
    assert acronyms(full, [(text, len(full))]) == ()


@pytest.mark.parametrize(
    ("ja", "en", "verbal", "has_particle", "kind"),
    [
        ("意見交換を行った", "exchanged views", True, True, "boilerplate"),
        ("円滑化協定", "Reciprocal Access Agreement", False, False, "treaty"),
        ("国家防衛戦略", "National Defense Strategy", False, False, "treaty"),
        ("長期戦略", "long-term strategy", False, False, "concept"),
        ("外務副大臣", "State Minister for Foreign Affairs", False, False, "title"),
        ("防衛省", "Ministry of Defense", False, False, "organisation"),
        ("NATO", "NATO", False, False, "organisation"),
        ("地域の平和", "peace of the region", False, True, "phrase"),
        ("経済安全保障", "economic security", False, False, "concept"),
    ],
)
def test_kinds(ja, en, verbal, has_particle, kind):
    assert kind_of(ja, en, verbal=verbal, has_particle=has_particle) == kind
