"""What an export writes, and that a later change is noticed."""

import json
from dataclasses import replace

import pytest

from tmalign.errors import EmptyFileError, FormatError, PairError, UsageError
from tmalign.formats.tmx import write_tmx
from tmalign.scoring.manifest import ChangedReferenceError, check_manifest, read_manifest, write_references
from tmalign.scoring.material import ReferenceDocument, References
from tmalign.scoring.references import Selection, orient, read_references


@pytest.fixture
def references(tmp_path, units):
    write_tmx(tmp_path / "memory.tmx", units)
    return orient(read_references([tmp_path / "memory.tmx"], Selection()), "en")


@pytest.fixture
def folder(tmp_path, references):
    write_references(references, tmp_path / "out", per_document=True)
    return tmp_path / "out"


def test_what_is_written(folder, references, rows):
    assert (folder / "source.ja.txt").read_text(encoding="utf-8").splitlines() == [row[3] for row in rows]
    assert (folder / "reference.en.txt").read_text(encoding="utf-8").splitlines() == [row[4] for row in rows]
    assert (folder / "documents.tsv").read_text(encoding="utf-8").splitlines() == [
        "id\tcollection\tfirst\tlast",
        "a/one\ta\t1\t3",
        "a/two\ta\t4\t5",
        "b/three\tb\t6\t8",
    ]
    assert (folder / "documents/a/two.ja.txt").read_text(encoding="utf-8") == rows[3][3] + rows[4][3] + "\n"
    manifest = read_manifest(folder)
    assert (manifest["direction"], manifest["segments"]) == ("ja-en", 8)
    assert manifest["digest"] == references.digest


def test_the_same_references_give_the_same_bytes(folder, references, tmp_path):
    write_references(references, tmp_path / "again", per_document=True)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_exported_references_come_back_with_their_documents(folder, references):
    for paths in ([folder], [folder / "source.ja.txt", folder / "reference.en.txt"]):
        found = orient(read_references(paths, Selection()), "en")
        assert [(d.id, d.collection, d.references) for d in found.documents] == [
            (d.id, d.collection, d.references) for d in references.documents
        ]
        assert found.digest == references.digest
        check_manifest(found, folder)
    only = orient(read_references([folder], Selection(releases=("a/two",))), "en")
    assert [(d.id, d.lines) for d in only.documents] == [("a/two", (4, 5))]


def test_changed_boundaries_are_noticed(folder):
    path = folder / "documents.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("a/one", "a/1"), encoding="utf-8")
    with pytest.raises(ChangedReferenceError, match="changed since"):
        read_references([folder], Selection())


@pytest.mark.parametrize("name", ["reference.en.txt", "source.ja.txt"])
def test_a_changed_file_is_noticed(folder, name):
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    for paths in ([folder], [folder / "source.ja.txt", folder / "reference.en.txt"], [path]):
        with pytest.raises(ChangedReferenceError, match="changed since"):
            read_references(paths, Selection())


def test_a_changed_store_is_noticed_and_named(tmp_path, units, folder, references):
    check_manifest(references, folder / "manifest.json")
    write_tmx(tmp_path / "memory.tmx", [*units[:3], replace(units[3], en="Another."), *units[4:5]])
    changed = orient(read_references([tmp_path / "memory.tmx"], Selection()), "en")
    with pytest.raises(ChangedReferenceError, match=r"1 changed \(a/two\); 1 gone \(b/three\)"):
        check_manifest(changed, folder)
    back = orient(read_references([tmp_path / "memory.tmx"], Selection()), "ja")
    with pytest.raises(UsageError, match="the manifest is of ja-en"):
        check_manifest(back, folder)
    turned = References(references.path, "en", references.documents[::-1], "other")
    with pytest.raises(ChangedReferenceError, match="the order of documents"):
        check_manifest(turned, folder)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyFileError),
        ("[]", FormatError),
        ("{", FormatError),
        ('{"format": "tmalign-references", "version": 2}', FormatError),
        ('{"format": "tmalign-references", "version": 1}', FormatError),
        (
            '{"format": "tmalign-references", "version": 1, "direction": "ja-en", "files": {}, "documents": [{}]}',
            FormatError,
        ),
        ("[" * 100_000, FormatError),
    ],
)
def test_damaged_manifests_are_refused(folder, text, error):
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(error) as refused:
        read_references([folder], Selection())
    assert refused.value.hint


def test_documents_that_overlap_or_exceed_the_files_are_refused(folder):
    path = folder / "manifest.json"
    good = json.loads(path.read_text(encoding="utf-8"))
    for key, value in (("first", 2), ("last", 1), ("first", True), ("id", 3)):
        bad = json.loads(json.dumps(good))
        bad["documents"][0][key] = value
        path.write_text(json.dumps(bad), encoding="utf-8")
        with pytest.raises(FormatError):
            read_references([folder], Selection())
    good["documents"][-1]["last"] = 9
    path.write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(FormatError, match="does not fit"):
        read_references([folder], Selection())


def test_what_cannot_be_exported_is_refused(tmp_path, references):
    alone = References("r", "en", (ReferenceDocument("a", ("x",)),))
    with pytest.raises(UsageError, match="no source"):
        write_references(alone, tmp_path / "x")
    apart = References("r", "en", (*references.documents, references.documents[0]))
    with pytest.raises(PairError):
        write_references(apart, tmp_path / "x")
    for name in ("../up", "/root", "a\\b", "a\x00"):
        bad = References("r", "en", (ReferenceDocument(name, ("x",), ("y",)),))
        with pytest.raises(UsageError, match="no file name"):
            write_references(bad, tmp_path / "x", per_document=True)
    assert not (tmp_path / "x").exists()


def test_an_exported_folder_is_not_selected_from(folder):
    for selection in (
        Selection(collection="a"),
        Selection(since="2024-01-01"),
        Selection(releases=("none",)),
        Selection(releases=("a/one", "none")),
    ):
        with pytest.raises(UsageError):
            read_references([folder], selection)


def test_another_programs_manifest_is_let_alone(tmp_path):
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "r.en").write_text("They met.\n", encoding="utf-8")
    assert len(read_references([tmp_path / "r.en"], Selection()).passages) == 1
