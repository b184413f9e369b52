"""English sentence ends, rule by rule. `‖` marks where a sentence ends; it is not part of the text."""

from __future__ import annotations

import pytest

from tmalign.text.sentences import split

STOPS = [
    "The Ministers met in Tokyo. ‖They will meet again.",
    "Is it ready? ‖It is.",
    "What a day! ‖The crew cheered.",
    "Really?! ‖Nobody knew.",
    "The ship\narrived on time. ‖The crew\nwent ashore.",
    "The ship arrived.\n‖The crew went ashore.",
    "Outline of the Meeting\n\n‖The Ministers met.",
    "The cost rose to 1.5 billion yen. ‖It had been 1.2 billion.",
    "It began in 2023. ‖Work goes on.",
    "It was Plan B. ‖The first plan had failed.",
    "He flew home.  ‖ 15 officers stayed.",
    "He spoke last. ‖“We are ready.”",
    "The Minister arrived. ‖(He had been in Oslo.) ‖He then spoke.",
    "The end",
    "Minister",
]

TITLES = [
    "Mr. Hamaoka met Mrs. Norland, Ms. Berg and Dr. Lind.",
    "H.E. Mr. Karl Norland visited Japan. ‖He met H.E. Dr. Lind.",
    "Lt. Gen. Arai and Maj. Gen. Ono took part.",
    "Adm. Kita met Vice Adm. Holm. ‖They spoke of training.",
    "Capt. Mori, Col. Sato and Sgt. Abe were present.",
    "Gov. Hale, Sen. Stone and Rep. Park attended.",
    "The Rt. Hon. Ann Field gave a speech.",
    "The Hon. Ann Field and Prof. Moe spoke.",
    "Rear Adm. Kita spoke. ‖Then-Sen. Stone agreed.",
    "The ships passed St. Helen's and Mt. Aka.",
    "It was George W. Bush who spoke.",
    "J. K. Smith and A. B. Jones wrote it.",
    "Dr. The Lord Field opened the hall.",
]

NAMES_OF_PLACES_AND_FIRMS = [
    "The U.S. Navy and the U.K. Royal Navy trained.",
    "He returned to the U.S. ‖The talks went on.",
    "He returned to the U.S. ‖In May he came back.",
    "The U.N. Security Council met.",
    "He works for Aka Inc. ‖He lives in Oslo.",
    "Aka Inc. President Mori spoke.",
    "Aka Co., Ltd. built the ship. ‖It was delivered.",
    "Aka Corp. Vice President Mori spoke.",
    "John Hale, Jr. Elementary School was visited.",
    "She holds a Ph.D. ‖She also flies.",
    "She holds a Ph.D. in physics.",
    "The office is in Bldg. 4 on Aka Ave. ‖The gate is closed.",
    "The forces of the U.S., the U.K. and Japan met.",
    "They met in Washington, D.C. ‖It was their third meeting.",
    "The U.S.-Japan Alliance is strong. ‖It will remain so.",
    "The shop on Yard St. ‖The man was there.",
    "U.S. - Japan talks were held.",
    "Smith & Co. & Sons built it.",
]

NUMBERED = [
    "Bulletin No. 3 was issued. ‖Bulletin No. 4 follows.",
    "See Art. 5, para. 2 and pp. 3-7. ‖Then see Fig. 2.",
    "See Nos. 3 and 4 in Vol. II. ‖It is long.",
    "See Sec. B of the law.",
    "He said no. ‖The others agreed.",
    "Was it ready? No. ‖The team waited.".replace("ready? ", "ready? ‖"),
    "It rose by 3.5 percent. ‖It fell by .5 percent.",
    "The price was Rs. 100 a piece.",
    "Ver. 2.0 is out. ‖Ver. 3.0 is not.",
]

CLOCK_AND_CALENDAR = [
    "The call began at 3:30 p.m. and lasted an hour.",
    "The call began at 3:30 p.m. ‖The Ministers spoke.",
    "The call began at 3:30 p.m. ‖Minister Hamaoka spoke first.",
    "The call began at 3:30 p.m. Japan time.",
    "The call began at 3:30 p.m. (JST) on Friday.",
    "The call began at 9 a.m. Friday. ‖It was short.",
    "The ship left on Jan. 5 and came back on Sept. 11.",
    "They met on Fri. May 12.",
    "It opened in Dec. ‖The hall was full.",
    "Food, water, blankets, etc. were sent.",
    "They sent food, water, etc. ‖The ship left at noon.",
]

LINKS = [
    "Several partners, e.g. Norland, took part.",
    "The lead ship, i.e. Akane, was late.",
    "It was Akane vs. Midori in the final.",
    "The cost was approx. 3 million yen, cf. Annex 1.",
    "The rule of Hale v. Stone was cited.",
]

GLUED = [
    "The Ambassador came to Japan.‖The summary is as follows.",
    "He spoke of the ASEAN.‖He will go there. ‖It is far.",
    "It reads Console.In and System.Out at once.",
    "They left Norland.Visit the page.",
]

QUOTES = [
    "They held the “2+2.” ‖The next one is in May.",
    'They held the "2+2." ‖The next one is in May.',
    '"Is it ready?" he asked. ‖"It is," she said.',
    '"We are ready!" said the captain. ‖The ship left.',
    '"Is it ready?" Hale asked. ‖Nobody answered.',
    '"We are ready. We will go," he said. ‖The ship left.',
    "“We are ready. We will go,” he said. ‖The ship left.",
    '"We are ready. We will go," Minister Hamaoka said. ‖The ship left.',
    'He said, "We are ready. We will go." ‖The ship left.',
    '"We are ready," he said. ‖"We will go."',
    '"We are ready. ‖We will go." ‖The ship left.',
    "He said “yes.” ‖She said ‘no.’ ‖They left.",
    'She called it "a step. A big one" and left. ‖He agreed.',
    'The crew sang. ‖"Home!" ‖The ship turned.',
    'He called it "our home (for now.)" ‖She laughed.',
]

TIMES = [
    "At 6 p.m. Minister Sato left. ‖By about 7:30 a.m. Rear Admiral Sato was back.",
    "They met at 6 p.m. ‖Minister Sato left.",
]

BRACKETS = [
    "The ship (built in 2010. Refitted in 2020.) left port. ‖It was new.",
    "The talks (see No. 3) went on. ‖They ended well.",
    "The ship left port (it was late.) and sailed on.",
    "The ship left port. ‖(See the annex.)",
    "It was signed [in Oslo. In May.] and ratified.",
    "1) The ship left. ‖It was late.",
    "Photos were taken. (photo: Ministry)",
]

ELLIPSES = [
    "They waited ... and waited.",
    "They waited... ‖Then the ship came.",
    "They waited… ‖Then the ship came.",
    "They waited … and waited.",
]

GLUED = [
    "They rejected the use of force.‖The next talks are in May.",
    "The law changed in 2023.‖The next change is due.",
    "Is it ready?‖It is.",
    "See example.com for details. ‖It is free.",
    "The file report.Final.pdf was sent.",
    "Ask Info@Example.Com about it.",
    "See https://example.jp/a.Foo for it.",
    "The .NET tools and ASP.NET were used.",
    "The U.S.A and the U.K. agreed.",
    "Bulletin No.3 was issued.",
    "See Booking.Com or sea.Com for it.",
    "The rate was 3.5% in May.",
]

ENUMERATIONS = [
    "They agreed to (1) train together; (2) share data; and (3) meet again. ‖Work goes on.",
    "They agreed (i) to train; (ii) to meet.",
    "The aims are peace; trade; and trust. ‖They are shared.",
    "1. The Ministers met. ‖They talked.",
    "1. Overview",
    "(1) Overview of the talks",
    "A. Overview of the talks. ‖It was long.",
    "iv. Overview",
    "2.1. Overview",
    "The aims are:\n‖1. The first aim\n2. The second aim.".replace("aim\n2", "aim.\n‖2"),
    "The aims:\n‖• Peace\n‖• Trade",
    "They met on May\n12. ‖The talks went well.",
    "The summary is as follows: The Ministers met.",
    "The summary is as follows:",
]

NAMES_WITH_MARKS = [
    "Yahoo! News carried it. ‖Others did too.",
    "The iPhone sold well. ‖iPads did not.",
]

SYMBOLS = [
    '"',
    "...",
    'They sold it. "',
    "They sold it. ---",
    "* * *",
]

ALL = [
    *STOPS,
    *GLUED,
    *TIMES,
    *TITLES,
    *NAMES_OF_PLACES_AND_FIRMS,
    *NUMBERED,
    *CLOCK_AND_CALENDAR,
    *LINKS,
    *QUOTES,
    *BRACKETS,
    *ELLIPSES,
    *GLUED,
    *ENUMERATIONS,
    *NAMES_WITH_MARKS,
    *SYMBOLS,
]


@pytest.mark.parametrize("marked", ALL)
def test_sentences_end_where_marked(marked: str) -> None:
    text = marked.replace("‖", "")
    assert [text[start:end] for start, end in split(text, "en")] == [part.strip() for part in marked.split("‖")]


def test_a_lost_closing_quote_does_not_swallow_the_page() -> None:
    text = 'He said, "We are ready. ' + "The ship left port. " * 40 + '"All is well," she said.'
    assert len(split(text, "en")) == 42


def test_a_lost_closing_bracket_does_not_swallow_the_page() -> None:
    assert len(split("The ship (a new one left port. " + "It was late. " * 40, "en")) == 41


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Hale came. ‖He spoke.",
        '"Is it ready?" he asked. ‖It was.',
        "Is it ready? ‖he asked. ‖It was.",
        "Bulletin No. 3 was issued. ‖It was late.",
        "He said No. ‖It was late.",
        "Ships, boats etc. were there. ‖We came etc. ‖They went.",
        "At 3 p.m. we left. ‖At 4 p.m. ‖They came.",
        "It took 5 min. or 5 sec. to load, J. Hale vs. K. Rao, tel. 5.",
        "Wait... and see... ‖The end.",
        "1. ‖The first. ‖2. ‖the second. ‖On Jan. ‖5 we left.",
    ],
)
def test_omegat_rules_cut_at_stops_before_white_space(marked: str) -> None:
    text = marked.replace("‖", "")
    spans = split(text, "en", rules="omegat")
    assert [text[start:end] for start, end in spans] == [part.strip() for part in marked.split("‖")]
