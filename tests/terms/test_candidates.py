"""Recurring runs against an oracle that looks at every run."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tmalign.terms.candidates import find, stream
from tmalign.terms.japanese_tokens import tokenise_japanese
from tmalign.terms.tokens import BEGIN, BREAK, CONTENT, END, Token, tokenised

FREE = CONTENT | BEGIN | END


def text(keys, breaks=()):
    return tokenised("x" * 99, [Token(k, i, i + 1, FREE | (BREAK if i in breaks else 0)) for i, k in enumerate(keys)])


def oracle(units, longest):
    """Return the number of units of each run that stands in two, looked at one by one."""
    seen = {}
    for number, (keys, breaks) in enumerate(units):
        for begin in range(len(keys)):
            for end in range(begin + 1, min(len(keys), begin + longest) + 1):
                if not any(k in breaks for k in range(begin + 1, end)):
                    seen.setdefault(tuple(keys[begin:end]), set()).add(number)
    return {run: len(numbers) for run, numbers in seen.items() if len(numbers) >= 2}


UNITS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), max_size=8), st.sets(st.integers(0, 7), max_size=3)), max_size=6
)


@given(UNITS)
def test_all_recurring_runs_are_found_and_no_others(units):
    tokens = stream([text(*unit) for unit in units])
    found = find(tokens, longest=5)
    runs = {}
    for occurrence, candidate in enumerate(found.candidate):
        begin = found.begin[occurrence]
        keys = tuple(tokens.keys[k] for k in tokens.key[begin : begin + found.length[candidate]])
        runs.setdefault(candidate, set()).add(keys)
    assert all(len(keys) == 1 for keys in runs.values())
    assert {next(iter(runs[c])): int(found.units[c]) for c in runs} == oracle(units, 5)
    assert len(found.bounds) == len(units) + 1
    assert np.all(np.diff(tokens.unit[found.begin]) >= 0) if len(found.begin) else True


def shown(*sentences):
    texts = [tokenise_japanese(s) for s in sentences]
    tokens = stream(texts)
    found = find(tokens)
    forms = set()
    for begin, candidate in zip(found.begin, found.candidate, strict=True):
        unit = tokens.unit[begin]
        first = begin - tokens.starts[unit]
        here = texts[unit].tokens
        forms.add(texts[unit].text[here[first].start : here[first + found.length[candidate] - 1].end])
    return forms


def test_edges_are_sound():
    forms = shown("両国は、地域の平和と安定に寄与する。", "地域の平和と安定に寄与する考えである。")
    assert {"地域の平和と安定", "平和と安定", "寄与する"} <= forms
    assert not any(form.endswith(("の", "と", "に")) or form.startswith(("の", "と", "に")) for form in forms)


def test_no_half_of_a_compound():
    forms = shown("経済安全保障を議論した。", "経済安全保障が重要だ。")
    assert "経済安全保障" in forms
    assert "安全保障" not in forms
    assert "経済" not in forms
    assert "安全保障" in shown("経済安全保障を議論した。", "安全保障が重要だ。")


def test_a_name_with_a_rank_is_no_phrase():
    forms = shown("篠塚外務大臣が出席した。", "篠塚外務大臣が述べた。")
    assert "外務大臣" in forms
    assert "篠塚外務大臣" not in forms


def test_nothing_from_nothing():
    assert len(find(stream([])).length) == 0
    assert len(find(stream([text([]), text([])])).length) == 0
