"""Running text cut into the reference's segments, document by document or all at once."""

import pytest

from tmalign.errors import PairError
from tmalign.scoring.cutting import cut_hypothesis, cut_notes
from tmalign.scoring.material import Cut, ReferenceDocument, References, RunningText
from tmalign.scoring.resegment import SIGNATURE


@pytest.fixture
def references(rows):
    texts = [row[4] for row in rows]
    return References("r", "en", (ReferenceDocument("a", tuple(texts[:5])), ReferenceDocument("b", tuple(texts[5:]))))


def test_by_document_and_all_at_once(references, english):
    lines = english["careful"]
    parts = [RunningText("a", " ".join(lines[:5]), 1), RunningText("b", " ".join(lines[5:]), 2)]
    for texts in (parts, [RunningText("", " ".join(lines), 1)]):
        found = cut_hypothesis("s", "p", texts, references, ("a note",))
        assert found.segments == tuple(lines)
        assert found.cut.signature == SIGNATURE
        assert found.lines == ()
        assert found.notes[0] == "a note"


def test_what_was_omitted_is_counted_over_all_documents(references, english):
    lines = english["careful"]
    texts = [RunningText("a", " ".join(lines[:5])), RunningText("b", " ".join([lines[5], lines[7]]))]
    found = cut_hypothesis("s", "p", texts, references)
    assert found.cut.empty == (6,)
    assert found.segments[6] == ""
    assert any(note.startswith("1 segment got no text (omitted?): 7") for note in found.notes)


def test_a_text_of_another_length_is_noted(references, english):
    text = " ".join(english["careful"])
    assert cut_hypothesis("s", "p", [RunningText("", text)], references).notes == ()
    long = cut_hypothesis("s", "p", [RunningText("", f"{text} {text} {text}")], references)
    assert any("is it a translation of the same?" in note for note in long.notes)


def test_text_for_a_document_without_any_is_refused(references):
    blank = References("r", "en", (*references.documents, ReferenceDocument("c", ("",))))
    texts = [RunningText(name, "They met.", n) for n, name in enumerate("abc", 1)]
    with pytest.raises(PairError) as refused:
        cut_hypothesis("s", "p", texts, blank)
    assert refused.value.line == 3


def test_notes_name_the_first_few():
    cut = Cut("cut:x", tuple(range(7)), ((0, 1),), (4,))
    assert cut_notes(cut) == (
        "7 segments got no text (omitted?): 1, 2, 3, 4, 5 and 2 more",
        "1 pair of neighbours looks swapped: 1/2",
        "1 segment cut with doubt: 5",
    )
    assert cut_notes(Cut("cut:x")) == ()
