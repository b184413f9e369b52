"""English abbreviations by what may follow them: a name, a number, or the next sentence."""

from __future__ import annotations

from typing import Final

# A name or an explanation follows: the stop never ends a sentence.
ALWAYS_INSIDE: Final = frozenset(
    """
    mr mrs ms mx messrs mme mlle dr prof hon rt rev fr pres amb sec-gen
    gen lt maj col capt cmdr cdr cmd adm radm vadm brig sgt cpl pvt pfc ens comdr supt insp det ofc
    sen sens rep reps gov govs del atty treas asst assoc dep vice
    mt ft pt jct st ste h.e h.m h.r.h h.i.m h.i.h rt.hon
    e.g i.e eg ie cf vs v viz approx ca resp incl excl esp abbr
    """.split()
)

# A number (digits, a Roman numeral, one capital) follows; before anything else the stop is a full stop.
BEFORE_NUMBER: Final = frozenset(
    """
    no nos art arts para paras p pp vol vols fig figs sec secs ch chs chap ver eq eqs tab app appx
    cl bk ed eds rm ext tel fax op reg regs res resn c l ll pl ann sched sess ser
    """.split()
)

# Months and days: a number, a month or a day follows, or the next sentence.
CALENDAR: Final = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun".split()
)
# The ones that are also words: only with a capital, and only before what a date goes on with.
CALENDAR_WORDS: Final = frozenset("mar jun mon wed sat sun dec".split())

# May end a sentence: whatever is capitalised next opens one, unless it names a clock or a day.
CLOCK: Final = frozenset(["a.m", "p.m", "am", "pm"])
LIST_END: Final = frozenset(["etc", "et.al", "al", "ibid", "seq"])

# May end a sentence, but a capitalised noun next is usually the rest of the name.
NAME_PART: Final = frozenset(
    """
    inc ltd co corp cos llc plc pty bros jr sr ph.d m.d b.a m.a b.sc m.sc j.d d.phil ll.b ll.m
    bldg ave blvd rd hwy apt dept univ inst assn assoc intl int'l natl nat'l gov't govt dist div est
    calif conn mass minn miss wash wis ariz ark colo fla ga ill ind kan mich mont neb nev okla ore pa tenn tex va
    hq min max mfg acad cmte comm u.s u.k u.n e.u d.c u.s.a u.a.e
    """.split()
)

# Words that open a sentence when capitalised; few names begin with them.
OPENERS: Final = frozenset(
    """
    the this that these those there here it its he his she her hers they their we our you your i my
    a an and but or nor yet so for in on at by to from with without within of as if when while where who what
    which why how after before since until during although though because once unless whether despite through
    under over between among about against both each every either neither all some many most several few such
    another other others no not now then thus hence however moreover furthermore therefore meanwhile nevertheless
    also additionally according following please let today yesterday tomorrow last next finally first
    second third is are was were do does did have has had can could may might must shall should would
    earlier later instead still even only just more much one two three four five six seven eight nine ten
    """.split()
)

# What stands before a time zone or a day after `3 p.m.`
CLOCK_NEXT: Final = frozenset(
    """
    jst est edt pst pdt cst cdt mst mdt gmt utc bst cet cest ist kst hst aest et pt ct
    eastern pacific central mountain japan tokyo local standard
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    """.split()
)
MONTHS: Final = frozenset(
    "january february march april may june july august september october november december".split()
)

# Product and company names that are written with a mark.
EXCLAIMING: Final = frozenset(["yahoo", "jeopardy", "ooh"])

# Ends of web addresses and file names.
SUFFIXES: Final = frozenset(
    """
    com net org edu gov int info biz jp uk us io co ac go ne or html htm php asp aspx js json xml pdf doc docx xls
    xlsx ppt pptx zip txt csv jpg jpeg png gif mp3 mp4 exe py md
    """.split()
)
