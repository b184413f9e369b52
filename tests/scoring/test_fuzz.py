"""Whatever bytes a file has, reading it ends in an answer or in an error a person can act on."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmalign.errors import TmalignError
from tmalign.scoring.glossary import read_glossary
from tmalign.scoring.hypotheses import Allowance, peek_language, read_running, read_segmented
from tmalign.scoring.manifest import read_manifest
from tmalign.scoring.material import ReferenceDocument, References
from tmalign.scoring.references import Selection, orient, read_references

REFERENCES = References(
    "r", "en", (ReferenceDocument("a", ("They met.", "It ended.")), ReferenceDocument("b", ("Yes.",)))
)
LENIENT = Allowance(empty=True, untranslated=True)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["会談した。", "They met.", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        "id",
        "ja",
        "en",
        "segments",
        "source",
        "text",
        "collection",
        "renderings",
        "variants",
        "status",
        "format",
        "documents",
    ]
)
objects = st.dictionaries(keys, values, max_size=5)
json_files = st.lists(objects, max_size=3).map(lambda rows: "\n".join(json.dumps(row) for row in rows).encode())
tables = st.lists(
    st.lists(st.sampled_from(["ja", "en", "status", "防衛", "defense", "", "#src", "|", "approved"]), max_size=4),
    max_size=4,
).map(lambda rows: "\n".join("\t".join(row) for row in rows).encode())
files = (
    st.binary(max_size=60)
    | json_files
    | tables
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)

READERS = {
    "references": lambda path: [
        orient(read_references([path], Selection()), side, allow_empty=True) for side in ("ja", "en")
    ],
    "segmented": lambda path: read_segmented("s", path, REFERENCES, LENIENT),
    "running": lambda path: read_running(path, REFERENCES, LENIENT),
    "language": peek_language,
    "glossary": read_glossary,
    "manifest": read_manifest,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".ja"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=files)
def test_any_bytes_end_well(tmp_path, reader, suffix, data):
    path = tmp_path / f"any{suffix}"
    path.write_bytes(data)
    try:
        READERS[reader](path)
    except TmalignError as error:
        assert error.message  # noqa: PT017 - either end is fine
        assert error.hint  # noqa: PT017 - but never without a way out


@pytest.mark.parametrize("reader", sorted(READERS.keys() - {"language"}))
def test_folders_and_devices_are_refused(tmp_path, reader):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(TmalignError) as refused:
            READERS[reader](path)
        assert refused.value.hint
