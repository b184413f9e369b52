"""Small invented TMX files as other tools write them."""

from __future__ import annotations

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="{tool}" creationtoolversion="2"'
    ' segtype="sentence" o-tmf="x" adminlang="en" srclang="ja-JP" datatype="plaintext"><note>kept</note></header>\n'
    "<body>\n"
)
RICH = """<tu tuid="r1" creationdate="20300102T030405Z" creationid="hana" usagecount="3">
<note>check the name</note><prop type="x-domain">defence</prop>
<tuv xml:lang="ja-JP" changedate="20310203T000000Z" changeid="taro">
<seg>第<bpt i="1">&lt;b></bpt>一<ept i="1">&lt;/b></ept>条 </seg></tuv>
<tuv xml:lang="EN-US"><prop type="x-kind">title</prop><seg>Article 1</seg></tuv>
<tuv xml:lang="fr"><seg>Article premier</seg></tuv></tu>
"""
VARIED = """<tu><tuv xml:lang="ja"><seg>艦船</seg></tuv><tuv xml:lang="en"><seg>ship</seg></tuv>
<tuv xml:lang="en-GB"><seg>vessel</seg></tuv></tu>
"""
FOREIGN = '<tu><tuv xml:lang="de"><seg>Schiff</seg></tuv><tuv xml:lang="en"><seg>ship</seg></tuv></tu>\n'


def plain(number):
    """Return a unit with two texts and nothing else."""
    return (
        f'<tu><tuv xml:lang="ja"><seg>第{number}文。</seg></tuv>'
        f'<tuv xml:lang="en"><seg>Sentence {number}.</seg></tuv></tu>\n'
    )


def write(path, *units, tool="CAT"):
    """Write units as a TMX file and return its path."""
    path.write_text(HEADER.format(tool=tool) + "".join(units) + "</body></tmx>\n", encoding="utf-8")
    return path
