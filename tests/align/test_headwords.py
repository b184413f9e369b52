"""Words that a table lists, asked one at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align import headwords
from tmalign.align.headwords import Headwords
from tmalign.align.tables import word_hashes


@given(st.sets(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_it_knows_what_it_was_given_and_nothing_else(listed, asked):
    known = Headwords(np.sort(word_hashes(listed)))
    assert [known(word) for word in asked for _ in range(2)] == [word in listed for word in asked for _ in range(2)]
    assert all(known(word) for word in listed)


def test_answers_that_are_kept_do_not_grow_without_bound(monkeypatch):
    monkeypatch.setattr(headwords, "_KNOWN_LIMIT", 2)
    known = Headwords(np.sort(word_hashes(["会談"])))
    assert [known(word) for word in ("会談", "協力", "会談", "防衛", "会談")] == [True, False, True, False, True]
    assert len(known._known) <= 2
