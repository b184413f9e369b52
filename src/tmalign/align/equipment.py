"""What an aligner is made of besides what comes with the package: the user's own model, word tables, encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.align.aligner import Aligner
from tmalign.align.lexicon import lexicon_with, shipped_lexicon
from tmalign.align.model import read_model, shipped_model
from tmalign.align.vectors import open_encoder

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Equipment:
    """Where an aligner's parts lie; what is not given is the package's own. Calling it makes the aligner.

    `model` is a file that `tmalign train` wrote, `lexicons` are tables that `tmalign lexicon import` wrote, `encoder`
    a folder or name that `vectors.open_encoder` takes.
    """

    model: Path | None = None
    lexicons: tuple[Path, ...] = ()
    encoder: str | None = None

    def __call__(self) -> Aligner:
        """Return the aligner; raises what the readers of the parts raise."""
        return Aligner(
            read_model(self.model) if self.model else shipped_model(),
            lexicon_with(self.lexicons) if self.lexicons else shipped_lexicon(),
            open_encoder(self.encoder) if self.encoder else None,
        )
