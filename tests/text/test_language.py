"""Telling the two languages by their script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.text.language import identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("両大臣は会談を実施した。", "ja"),
        ("防衛相会談", "ja"),
        ("ﾃﾚﾋﾞ会談", "ja"),
        ("H.E. Mr. Karl Norland国防大臣との会談について", "ja"),
        ("P-1及びC-2輸送機が参加した。", "ja"),
        ("The Ministers met in Tokyo.", "en"),
        ("The Ministers spoke of 絆 (kizuna), the bond between nations that lasts.", "en"),
        ("Overview", "en"),
        ("Überblick of the visit", "en"),
        ("", None),
        ("12:30 - 13:00", None),
        ("A", None),
        ("※ ■ ・", None),
        ("Министры провели встречу.", None),
        ("장관들이 회담을 했다.", None),
        ("两国部长在东京举行会谈并就地区安全形势交换意见" * 4, None),
    ],
)
def test_script_tells_the_language(text: str, language: str | None) -> None:
    assert identify(text) == language


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert identify(text) in {"ja", "en", None}


def test_a_huge_text_is_judged_by_its_beginning() -> None:
    assert identify("The Ministers met. " * 2_000 + "両大臣は会談した。" * 200_000) == "en"
