"""What kind of phrase a pair is, read from the head of the Japanese and the capitals of the English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tmalign.terms.mined import Kind

_TREATY = re.compile(
    r"(条約|協定|議定書|覚書|憲章|規約|取極|取決め|宣言|アウトルック|行動規範|交換公文|合意文書|共同声明)$"
)
# Instruments of state, where the English is written as a name.
_INSTRUMENT = re.compile(r"(戦略|計画|大綱|予算|基本法|方針|法|構想|イニシアティブ|ガイドライン|指針)$")
_ORGANISATION = re.compile(
    r"(省|庁|機構|機関|連合|自衛隊|軍|理事会|委員会|フォーラム|監部|艦隊|本部|協会|銀行|基金|政府|大学|内閣|国会|"
    r"事務局|大使館|総領事館|事務所|センター|会議所|連盟|共同体|同盟|国連|安保理|部隊|隊|機動隊|財団|研究所|グループ)$"
)
_TITLE = re.compile(
    r"(大臣|首相|大統領|長官|総理|大使|議長|次官|局長|課長|司令官|司令|幕僚長|記者|外相|国王|政務官|報道官|議員|知事|国防相|"
    r"防衛相|補佐官|代表|審議官|総長|総裁|会長|委員長|団長|艦長|領事|参事官|書記官)$"
)
_LATIN = re.compile(r"[A-Za-z0-9&/ .・-]+")


def kind_of(ja: str, en: str, *, verbal: bool, has_particle: bool) -> Kind:
    """Return the kind of a pair. `ja` has one width; `has_particle` tells a phrase from a bare compound."""
    if verbal:
        return "boilerplate"
    named = sum(word[:1].isupper() for word in en.split()) >= 2 or en.isupper()
    if _TREATY.search(ja) or (named and _INSTRUMENT.search(ja)):
        return "treaty"
    if _TITLE.search(ja):
        return "title"
    if (_ORGANISATION.search(ja) and en[:1].isupper()) or (_LATIN.fullmatch(ja) and ja.isupper() and ja.isascii()):
        return "organisation"
    return "phrase" if has_particle else "concept"
