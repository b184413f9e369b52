"""Names that both directions of XLIFF share.

TMX's inline elements are what a unit holds; what XLIFF has no attribute for travels in attributes of our own
namespace (1.2) or in the metadata module (2.1), so that nothing is lost on the way there and back.
"""

from __future__ import annotations

from typing import Final

XLIFF_12: Final = "urn:oasis:names:tc:xliff:document:1.2"
XLIFF_20: Final = "urn:oasis:names:tc:xliff:document:2.0"
METADATA: Final = "urn:oasis:names:tc:xliff:metadata:2.0"
OWN: Final = "urn:x-tmalign:tmx"
# Elements of 1.2 whose content is the original's code, not text; those of 2.x have none. `g`, `pc` and `mrk` hold text.
CODES: Final = frozenset({"bpt", "ept", "ph", "it"})
# In 2.1 a unit's attributes, properties and the attributes of its codes are metadata of these categories.
ATTRIBUTES: Final = "tmx-attributes"
PROPERTIES: Final = "tmx-properties"
