"""Why a bead is there: what each feature added to its score, and which figures, words and names matched.

A bead's score is a sum: each feature's value times its weight, and the bias of its shape. What is added here is what
the lattice saw, so the parts sum to the score. A pinned bead is a person's decision; its parts are those of the path
inside it, if any.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from tmalign.align.association import associate
from tmalign.align.constraints import place
from tmalign.align.features import FEATURES, SKIP_FEATURES
from tmalign.align.lattice import SHAPES, span
from tmalign.align.model import rate_feature
from tmalign.align.moves import shifted
from tmalign.align.tables import word_hashes
from tmalign.align.vocabulary import is_figure, vocabulary
from tmalign.text.figures import figures
from tmalign.text.width import normalise
from tmalign.text.words import english_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.aligner import Aligner, DecodedWindow
    from tmalign.align.association import Associations
    from tmalign.align.constraints import Decision
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.model import Weights
    from tmalign.align.prepared import Prepared
    from tmalign.align.units import Units
    from tmalign.model import Alignment, Bead, Segment

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

MatchKind = Literal["figure", "sign", "latin", "word", "name", "learned"]
_LEARNED = 0.02  # both ways; what evidence.py counts as coverage
_SIGNS = {"S:?": "?", "S:!": "!", 'S:"': '"', "S:(": "(", "S::": ":", "S:%": "%", "S:$": "$", "S:y": "円"}
_RATE = 2  # column of SKIP_FEATURES


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature added: `value` times `weight`. The shape's bias has value 1."""

    feature: str
    value: float
    weight: float

    @property
    def added(self) -> float:
        """Return what it added to the score, a log weight."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Match:
    """A Japanese and an English expression that were taken for each other's translation; `weight` is in 0..1."""

    kind: MatchKind
    ja: str
    en: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One bead with its reasons. `missed_ja` and `missed_en` are figures that found no counterpart in it."""

    bead: Bead
    score: float
    parts: tuple[Part, ...]
    matches: tuple[Match, ...]
    missed_ja: tuple[str, ...] = ()
    missed_en: tuple[str, ...] = ()


def explain(
    aligner: Aligner,
    alignment: Alignment,
    ja: Sequence[Segment],
    en: Sequence[Segment],
    pins: Sequence[Decision] = (),
) -> tuple[Explanation, ...]:
    """Return the reasons for every bead of an alignment that `aligner` made of these segments and pins, in order."""
    if not ja or not en:
        return tuple(Explanation(bead, 0.0, (), ()) for bead in alignment.beads)
    prepared = aligner.prepare(ja, en, place(pins, ja, en))
    weights = aligner.model.at(prepared.fullness)[1]
    steps = [step for window in aligner.decode_windows(prepared) for step in _steps(window, weights)]
    elsewhere = dict(_moved(aligner, alignment, ja, en))
    found = []
    for bead in alignment.beads:
        parts = tuple(part for parts, at in steps if _within(at, bead, prepared) for part in parts)
        found.append(elsewhere.get(bead) or _with_matches(bead, parts, prepared, aligner.lexicon))
    return tuple(found)


def _moved(
    aligner: Aligner, alignment: Alignment, ja: Sequence[Segment], en: Sequence[Segment]
) -> Iterator[tuple[Bead, Explanation]]:
    """Yield the explanations of beads in moved stretches, which a lattice of their own has seen."""
    for first, second in alignment.moved:
        beads = [b for b in alignment.beads if (b.ja and b.ja[0] in first) or (b.en and b.en[0] in second)]
        local = tuple(shifted(bead, -first.start, -second.start) for bead in beads)
        part = replace(alignment, beads=local, moved=())
        stretch = ja[first.start : first.stop], en[second.start : second.stop]
        for bead, explanation in zip(beads, explain(aligner, part, *stretch), strict=True):
            yield bead, replace(explanation, bead=bead)


def _steps(part: DecodedWindow, weights: Weights) -> Iterator[tuple[tuple[Part, ...], tuple[range, range]]]:
    """Yield the parts of every bead of a window's path, with its glued segments."""
    for k, i, j in part.path:
        ja, en = span(k, i, j)
        place_in_text = (
            range(ja.start + part.window.ja.start, ja.stop + part.window.ja.start),
            range(en.start + part.window.en.start, en.stop + part.window.en.start),
        )
        yield tuple(bead_parts(part, weights, k, i, j)), place_in_text


def bead_parts(part: DecodedWindow, weights: Weights, shape: int, i: int, j: int) -> Iterator[Part]:
    """Yield what each feature adds to the score of the bead that ends at (i, j) of a window; zeros are left out."""
    assert part.features is not None  # noqa: S101 - a window with an empty side has no path
    a, b = SHAPES[shape]
    if a and b:
        values = np.asarray(part.features.at(a, b, i - a, j - b), dtype=np.float64)
        # The lattice multiplies in single precision.
        factors = weights.of_shape(a, b).astype(np.float32).astype(np.float64)
        names: tuple[str, ...] = FEATURES
    else:
        values = np.array(part.features.skips[a, b][(i if a else j) - 1], dtype=np.float64)
        values[_RATE] = rate_feature(part.skip_rate)
        factors, names = weights.skip_ja if a else weights.skip_en, SKIP_FEATURES
    for name, value, factor in zip(names, values.tolist(), factors.tolist(), strict=True):
        if value and factor:
            yield Part(name, value, factor)
    yield Part(f"shape {a}-{b}", 1.0, float(weights.shape[shape]))


def _within(at: tuple[range, range], bead: Bead, prepared: Prepared) -> bool:
    """Tell whether a step of the path lies within a bead of the alignment."""
    for glued, side, groups in ((at[0], bead.ja, prepared.ja_groups), (at[1], bead.en, prepared.en_groups)):
        if glued and not (side.start <= groups[glued.start][0] and groups[glued.stop - 1][-1] < side.stop):
            return False
    return bool(at[0] or at[1])


def _with_matches(bead: Bead, parts: tuple[Part, ...], prepared: Prepared, lexicon: Lexicon) -> Explanation:
    score = sum(part.added for part in parts)
    ja = [k for k, group in enumerate(prepared.ja_groups) if group[0] in bead.ja]
    en = [k for k, group in enumerate(prepared.en_groups) if group[0] in bead.en]
    ja_units, en_units = [prepared.ja_units[k] for k in ja], [prepared.en_units[k] for k in en]
    ja_text = " ".join(prepared.ja[k].text for k in ja)
    en_text = " ".join(prepared.en[k].text for k in en)
    ja_shown, en_shown = _figure_texts(ja_text, "ja"), _english_words(en_text)
    matches = list(_matches(ja_units, en_units, lexicon)) if ja and en else []
    met_ja, met_en = {match.ja for match in matches}, {match.en for match in matches}
    return Explanation(
        bead,
        score,
        parts,
        tuple(Match(m.kind, ja_shown.get(m.ja, m.ja), en_shown.get(m.en, m.en), m.weight) for m in matches),
        _missed(ja_units, met_ja, ja_shown),
        _missed(en_units, met_en, en_shown),
    )


def _missed(units: list[Units], met: set[str], shown: dict[str, str]) -> tuple[str, ...]:
    words = dict.fromkeys(word for unit in units for word in unit.words)
    return tuple(shown.get(word, word) for word in words if is_figure(word) and word not in met)


def _matches(ja_units: list[Units], en_units: list[Units], lexicon: Lexicon) -> Iterator[Match]:
    """Yield the matched units, each in its best match only, the surest first."""
    ja, en = vocabulary(ja_units), vocabulary(en_units)
    names, loans = {n.unit for u in ja_units for n in u.names}, {unit for u in ja_units for unit, _ in u.loans}
    ja_words, en_words = list(ja.index), list(en.index)
    listed = set(
        zip(*(a.tolist() for a in lexicon.links(word_hashes(ja_words), word_hashes(en_words))[:2]), strict=True)
    )
    links = sorted(_links(associate(ja, en, lexicon)), key=lambda link: (-link[0], link[2:]))
    used_ja: set[int] = set()
    used_en: set[int] = set()
    for strength, weight, row, column in links:
        if row in used_ja or column in used_en or strength <= 0:
            continue
        used_ja.add(row)
        used_en.add(column)
        word = ja_words[row]
        kind: MatchKind = "word"
        if word[1:2] == ":":
            kind = "sign" if word[0] == "S" else "figure"
        elif word.isascii():
            kind = "latin"
        elif weight <= 0:
            kind = "learned"
        elif word in names and word not in loans and (row, column) not in listed:
            kind = "name"
        yield Match(kind, word, en_words[column], round(min(1.0, strength), 4))


def _links(found: Associations) -> Iterator[tuple[float, float, int, int]]:
    """Yield (strength, weight of all sources but bitext, row, column) of associated units."""
    learned = np.minimum(found.to_en, found.to_ja)
    strength = np.maximum(found.weight, np.where(learned > _LEARNED, 2 * np.sqrt(learned), 0))
    columns = (strength, found.weight, found.row, found.column)
    for one, weight, row, column in zip(*(values.tolist() for values in columns), strict=True):
        if one:
            yield one, weight, row, column


def _figure_texts(text: str, language: Literal["ja", "en"]) -> dict[str, str]:
    """Return how each figure is written, by its keys as units have them."""
    shown = dict(_SIGNS)
    for figure in figures(normalise(text), language):
        for key in figure.keys:
            for unit in (key, key[0].lower() + key[1:]):
                shown.setdefault(unit, figure.text)
    return shown


def _english_words(text: str) -> dict[str, str]:
    """Return how each English unit is written: the first word with that stem, or the figure."""
    shown = _figure_texts(text, "en")
    for token in english_tokens(normalise(text)):
        shown.setdefault(token.stem, token.surface)
    return shown
