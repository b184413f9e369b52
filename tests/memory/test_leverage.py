"""The analysis before a job: every segment in one band, volumes as CAT tools count them."""

import pytest

from tmalign.memory.leverage import BANDS, Volume, analyse, band, volume
from tmalign.memory.listing import ListedMemory
from tmalign.memory.lookup import Filter, Lookup
from tmalign.memory.sources import SourceText
from tmalign.model import Unit


def unit(ja, en, status="unreviewed"):
    return Unit(ja, en, "", "", "", 1.0, (), (), status=status)


def lookup(*units):
    return Lookup(ListedMemory(units))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Minister met.", Volume(1, 3, 15)),
        ("Tokyo - Seoul & 3", Volume(1, 3, 13)),
        ("防衛大臣", Volume(1, 4, 4)),
        ("NATO事務総長と、会談 ２回。", Volume(1, 10, 15)),
        ("・・・", Volume(1, 0, 3)),
    ],
)
def test_words_and_characters(text, expected):
    assert volume(text) == expected


@pytest.mark.parametrize(
    ("percent", "name"),
    [(100, "100"), (99, "95-99"), (95, "95-99"), (94, "85-94"), (85, "85-94"), (84, "75-84"), (75, "75-84"),
     (74, "50-74"), (50, "50-74"), (49, "none"), (0, "none")],
)  # fmt: skip
def test_bands(percent, name):
    assert band(percent) == name


def test_every_segment_counts_once():
    memory = lookup(
        unit("会談を行った。", "Talks were held."),
        unit("東京で会議を開いた。", "A meeting was held in Tokyo."),
        unit("訳のない文である。", ""),
        unit("誤訳である。", "A mistranslation.", "rejected"),
    )
    segments = (
        "会談を行った。",  # exact
        "会談を行った。",  # repeated: the memory has it, but one translation serves both
        "大阪で会議を開いた。",  # 80 % of the memory's
        "大阪で会議を開くか。",  # 60 % of the memory's, 80 % of the one before
        "全く別のことである。",
        "訳のない文である。",  # in the memory, but of no use
        "誤訳である。",
    )
    result = analyse([SourceText("a.txt", "ja", segments)], memory)
    filled = {name: much.segments for name, much in result.memory.items() if much.segments}
    assert filled == {"100": 1, "75-84": 1, "none": 3}
    assert {name: much.segments for name, much in result.internal.items() if much.segments} == {"75-84": 1}
    assert result.repetitions == Volume(1, 6, 7)
    assert result.total == Volume(7, sum(volume(s).words for s in segments), sum(map(len, segments)))
    counted = [*result.memory.values(), *result.internal.values(), result.repetitions]
    assert sum(counted, Volume()) == result.total


def test_files_are_one_job():
    sources = [SourceText("a", "en", ("One text.",)), SourceText("b", "en", ("One text.", "Another text here."))]
    result = analyse(sources, lookup())
    assert result.files == ("a", "b")
    assert result.repetitions.segments == 1
    assert result.memory["none"].segments == 2


def test_the_filter_counts():
    memory = lookup(unit("会談を行った。", "Talks were held."))
    source = [SourceText("a", "ja", ("会談を行った。",))]
    assert analyse(source, memory, where=Filter(min_probability=0.5)).memory["100"].segments == 1
    assert analyse(source, memory, where=Filter(collection="x")).memory["none"].segments == 1


def test_two_languages_are_refused():
    with pytest.raises(ValueError, match="one language"):
        analyse([SourceText("a", "ja", ("文",)), SourceText("b", "en", ("text",))], lookup())
    with pytest.raises(ValueError, match="one language"):
        analyse([], lookup())


def test_bands_are_those_of_the_report():
    assert [name for _, name in BANDS] == ["100", "95-99", "85-94", "75-84", "50-74"]
