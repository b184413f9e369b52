"""Small invented releases, as the store takes them."""

from __future__ import annotations

from tmalign.model import Alignment, Bead, Block, BlockKind, Document, Release, Sentence, Unit

JA = ("両大臣は会談した。", "会談は有意義であった。", "以上。")
EN = ("The ministers met.", "The talks were useful.")


def document(language, texts, name="a", date="2031-04-09"):
    blocks = tuple(
        Block(BlockKind.ITEM if n else BlockKind.TITLE, "・" if n else "", text, n + 1, ((0, 3), (2, 9)))
        for n, text in enumerate(texts)
    )
    return Document(
        f"{name}.{language}", language, texts[0], date, blocks, f"{name}.{language}.txt", f"{language}-digest", "cp932",
        ("declared as UTF-8",) if language == "ja" else (),
    )  # fmt: skip


def parcel(name="2031/a", *, ja=JA, en=EN, probability=0.97, date="2031-04-09", signature="s1"):
    """Return what is saved for one release: beads 1-1, 1-1, 1-0."""
    release = Release(name, name.rpartition("/")[0], document("ja", ja, name, date), document("en", en, name))
    sentences = {
        "ja": [Sentence(n, 0, len(text)) for n, text in enumerate(ja)],
        "en": [Sentence(n, 0, len(text)) for n, text in enumerate(en)],
    }
    beads = (
        Bead(range(1), range(1), probability),
        Bead(range(1, 2), range(1, 2), 0.4, "pin"),
        Bead(range(2, 3), range(2, 2), 0.9),
    )
    alignment = Alignment(name, beads, 0.99, "partial", signature, "the English page is shorter")
    units = [
        Unit(
            ja=ja[n],
            en=en[n] if n < 2 else "",
            release=name,
            collection=release.collection,
            date=date or "2031-04-09",
            probability=bead.probability,
            ja_spans=(sentences["ja"][n],),
            en_spans=(sentences["en"][n],) if n < 2 else (),
            origin=bead.origin,
            signature=signature,
            ja_source=release.ja.source,
            en_source=release.en.source,
            position=n,
        )
        for n, bead in enumerate(beads)
    ]
    return release, sentences, alignment, units
