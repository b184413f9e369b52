"""English abbreviations by what may follow them: a name, a number, or the next sentence."""

from __future__ import annotations

from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Titles, with a capital: the name follows, and the stop never ends a sentence.
TITLES: Final = _words("""
    mr mrs ms mx messrs mme mlle dr drs prof profs hon rt rev fr pres amb
    gen lt maj col capt cmdr cdr cmd adm radm vadm brig sgt cpl pvt pfc ens comdr supt insp det ofc wo
    sen sens rep reps gov govs del atty treas asst assoc dep mt ft pt h.e h.m h.r.h h.i.m h.i.h rt.hon
""")
# An explanation or a second party follows, in whatever case.
LINKS: Final = _words("e.g i.e eg ie cf vs v viz approx ca resp incl excl esp")

# A number (digits, a Roman numeral, one capital) follows; before anything else the stop is a full stop.
BEFORE_NUMBER: Final = _words("""
    no nos art arts para paras p pp vol vols fig figs sec secs ch chs chap ver eq eqs appx
    cl eds ext tel fax reg regs res c l ann sched sess ser rs
""")

# Months and days: a number, a month or a day follows, or the next sentence.
CALENDAR: Final = _words("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun")

# May end a sentence: whatever is capitalised next opens one, unless it names a clock or a day.
CLOCK: Final = frozenset(["a.m", "p.m"])
LIST_END: Final = frozenset(["etc", "al", "ibid", "seq"])

# May end a sentence, but a capitalised noun next is usually the rest of the name.
NAME_PART: Final = _words("""
    inc ltd corp dept govt gov't int'l intl nat'l natl bros ph.d d.phil b.sc m.sc ll.b ll.m
""")
# The same, but only with a capital: in lower case many of these are words.
CAPITAL_NAME_PART: Final = _words("""
    co cos jr sr esq bldg ave blvd rd st ste hwy apt univ inst assn assoc dist div est hq mfg acad cmte comm
    calif conn mass minn miss wash wis ariz ark colo fla ga ill ind kan mich mont neb nev okla ore pa tenn tex va
""")

# Words that open a sentence when capitalised; few names begin with them.
OPENERS: Final = _words("""
    the this that these those there here it its he his she her hers they their we our you your i my
    a an and but or nor yet so for in on at by to from with without within of as if when while where who what
    which why how after before since until during although though because once unless whether despite through
    under over between among about against both each every either neither all some many most several few such
    another other others no not now then thus hence however moreover furthermore therefore meanwhile nevertheless
    also additionally according following please let today yesterday tomorrow last next finally first
    second third is are was were do does did have has had can could may might must shall should would
    earlier later instead still even only just more much one two three four five six seven eight nine ten
""")

# What goes on after `3 p.m.`: a time zone or a day.
CLOCK_NEXT: Final = _words("""
    jst est edt pst pdt cst cdt mst mdt gmt utc bst cet cest ist kst hst aest et pt ct
    eastern pacific central mountain japan tokyo local standard
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
""")
MONTHS: Final = _words("january february march april may june july august september october november december")

# Product and company names that are written with a mark.
EXCLAIMING: Final = frozenset(["yahoo", "jeopardy", "ooh"])

# Ends of web addresses and file names.
SUFFIXES: Final = _words("""
    com net org edu gov int info biz jp uk us io co ac go ne or html htm php asp aspx js json xml pdf doc docx xls
    xlsx ppt pptx zip txt csv jpg jpeg png gif mp3 mp4 exe py md
""")
