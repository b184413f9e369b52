"""Language tags as tools write them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmalign.text.language_tag import match, normal, primary


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("ja", "ja"), ("JA", "ja"), ("ja_JP", "ja-JP"), ("jpn", "ja"), ("jp", "ja"), ("eN-uS", "en-US"),
        ("eng_gb", "en-GB"),
        ("ja-jpan-jp", "ja-Jpan-JP"), ("zh-hant", "zh-Hant"), (" en ", "en"), ("", ""), ("x-odd", "x-odd"),
        ("tlh", "tlh"),
        ("es-419", "es-419"), ("--", ""),
    ],
)  # fmt: skip
def test_tags_are_brought_to_the_standard(written, standard):
    assert normal(written) == standard


def test_the_closest_tag_comes_first():
    tags = ["en-GB", "ja", "EN_us", "en", "fr", "eng-US"]
    assert match(tags, "en-US") == [2, 5, 3, 0]
    assert match(tags, "en") == [3, 0, 2, 5]
    assert match(tags, "en-AU") == [3, 0, 2, 5]
    assert match(tags, "JPN") == [1]
    assert match(tags, "de") == []


@given(st.text(max_size=12))
@example("0_000ß")
@example("0-K\u212a")
def test_any_text_has_a_normal_form_that_stays(tag):
    assert normal(normal(tag)) == normal(tag)
    assert primary(tag) == primary(normal(tag))
