"""A small aligner for tests of what stands around it: sentences one to one in order, judged by length alone.

Words in a text make it behave badly on purpose: worker processes import this module by name.
"""

from __future__ import annotations

import os
import time

from tmalign.model import Alignment, Bead


class LengthAligner:
    """Aligns in order; remembers in `asked` which releases it was given in this process."""

    signature = "length 1"

    def __init__(self):
        self.asked = []

    def align(self, release_id, ja, en):
        self.asked.append(release_id)
        text = " ".join(segment.text for segment in en)
        _misbehave(text)
        both = min(len(ja), len(en))
        beads = [Bead(range(n, n + 1), range(n, n + 1), _probability(ja[n], en[n])) for n in range(both)]
        beads += [Bead(range(n, n + 1), range(both, both), 0.9) for n in range(both, len(ja))]
        beads += [Bead(range(len(ja), len(ja)), range(n, n + 1), 0.9) for n in range(both, len(en))]
        verdict = "unrelated" if "UNRELATED" in text else "partial" if "PARTIAL" in text else "translation"
        reason = "" if verdict == "translation" else f"the words say {verdict}"
        return Alignment(release_id, tuple(beads), 0.9, verdict, self.signature, reason)


def _misbehave(text):
    if "SLOW" in text:
        time.sleep(0.3)
    if "ENDLESS" in text:
        time.sleep(600)
    if "FAULT" in text:
        raise RuntimeError("a fault on purpose")
    if "DIE" in text:
        os._exit(9)
    if "INTERRUPT" in text:
        raise KeyboardInterrupt


def _probability(ja, en):
    ratio = 2.5 * len(ja.text) / len(en.text)
    return round(min(ratio, 1 / ratio), 6)


class SecondLengthAligner(LengthAligner):
    """The same with another signature."""

    signature = "length 2"
