"""sacrebleu's metrics with the tokenizer of the target language, one object of each a process.

Every number comes from sacrebleu's own statistics and its own final formula; nothing here changes them. What is ours
is the choice of tokenizer, which is always named, and that objects are kept: a MeCab tokenizer maps its dictionary
anew for each metric object and never gives the maps back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from tmalign.errors import UsageError
from tmalign.scoring import formulas
from tmalign.scoring.counting import counter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tmalign.model import Language
    from tmalign.scoring.formulas import Floats

MetricName = Literal["BLEU", "chrF", "chrF++", "TER"]
METRICS: Final[tuple[MetricName, ...]] = ("BLEU", "chrF", "chrF++", "TER")
TOKENIZERS: Final[dict[Language, tuple[str, ...]]] = {"ja": ("ja-mecab", "char"), "en": ("13a", "intl", "char")}


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The tokenizer BLEU uses, and why not a better one (empty where it is the best)."""

    name: str
    reason: str = ""


@cache
def best_tokenizer(language: Language) -> Tokenizer:
    """Return sacrebleu's own choice for the language: 13a for English, ja-mecab for Japanese, else characters."""
    if language == "en":
        return Tokenizer("13a")
    try:
        _sacrebleu("BLEU", "ja", "ja-mecab")
    except (RuntimeError, AssertionError, ImportError) as error:
        # sacrebleu asserts that the dictionary is the one its published scores were made with.
        why = "MeCab with the IPA dictionary is not installed" if isinstance(error, RuntimeError) else str(error)
        return Tokenizer("char", f"{why}: BLEU is computed over characters (pip install 'tmalign[ja]' for ja-mecab)")
    return Tokenizer("ja-mecab")


def choose_tokenizer(language: Language, wanted: str = "") -> Tokenizer:
    """Return the wanted tokenizer, or the best one. Raises UsageError for one that does not suit the language."""
    if not wanted:
        return best_tokenizer(language)
    if wanted not in TOKENIZERS[language]:
        name = {"ja": "Japanese", "en": "English"}[language]
        raise UsageError(f"the tokenizer {wanted} is not for {name}", hint=f"one of: {', '.join(TOKENIZERS[language])}")
    if wanted == "ja-mecab" and best_tokenizer(language).name != wanted:
        raise UsageError("ja-mecab is not installed", hint="pip install 'tmalign[ja]', or --tokenize char")
    return Tokenizer(wanted)


@cache
def _sacrebleu(name: MetricName, language: Language, tokenizer: str) -> Any:  # noqa: ANN401 - sacrebleu is untyped
    """Return the one object of this metric."""
    from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415 - --help stays quick
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415 - likewise
    from sacrebleu.metrics.ter import TER  # noqa: PLC0415 - likewise

    if name == "BLEU":
        return BLEU(tokenize=tokenizer)
    if name == "TER":
        # Tercom's words are what stands between spaces: a Japanese sentence would be a single one.
        return TER(normalized=language == "ja", asian_support=language == "ja")
    return CHRF(word_order=formulas.CHRF_WORDS if name == "chrF++" else 0)


class Metric:
    """One metric over one set of references. Statistics are segments x columns, as sacrebleu lays them out."""

    def __init__(self, name: MetricName, language: Language, tokenizer: str, references: Sequence[str]) -> None:
        """Prepare the references; they are analysed once for all systems."""
        self.name = name
        self.higher_is_better = name != "TER"
        self._metric = _sacrebleu(name, language, tokenizer if name == "BLEU" else "")
        self._references = list(references)
        self._count = counter(name, self._metric, references)
        self._cached: list[Any] | None = None
        # What sacrebleu sets when it reads the references.
        self._metric.num_refs = 1
        self.signature = str(self._metric.get_signature())

    def statistics(self, hypotheses: Sequence[str]) -> NDArray[np.float64]:
        """Return what sacrebleu counts in each segment. Raises ValueError where the number of segments differs."""
        if len(hypotheses) != len(self._references):
            raise ValueError(f"{len(hypotheses)} hypotheses for {len(self._references)} references")
        return np.array((self._count or self._theirs)(hypotheses), dtype=np.float64)

    def _theirs(self, hypotheses: Sequence[str]) -> list[list[float]]:
        """Let sacrebleu count; it reads the references once for all systems."""
        metric = self._metric
        metric._ref_cache = self._cached = self._cached or metric._cache_references([self._references])  # noqa: SLF001 - no public name
        try:
            found: list[list[float]] = metric._extract_corpus_statistics(list(hypotheses), None)  # noqa: SLF001 - likewise
        finally:
            metric._ref_cache = None  # noqa: SLF001 - likewise
        return found

    def value(self, statistics: NDArray[np.float64]) -> float:
        """Return the corpus score of segments x columns, by sacrebleu's own formula."""
        total = [_number(column) for column in statistics.sum(axis=0).tolist()]
        return float(self._metric._compute_score_from_stats(total).score)  # noqa: SLF001 - likewise

    def sentences(self, statistics: NDArray[np.float64]) -> Floats:
        """Return each segment's own score; BLEU with the orders a short one has, as sacrebleu's sentence_bleu."""
        return formulas.bleu(statistics, effective_order=True) if self.name == "BLEU" else self.formula(statistics)

    @property
    def formula(self) -> Callable[[Floats], Floats]:
        """Return the function from summed statistics to scores, a row a sample."""
        return {"BLEU": formulas.bleu, "TER": formulas.ter}.get(self.name, formulas.chrf)


def _number(value: float) -> float:
    """Return counts as the whole numbers they are: sacrebleu formats and truncates by type."""
    return int(value) if value.is_integer() else value
