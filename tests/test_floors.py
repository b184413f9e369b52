"""The plan of the house, read from its imports: floors, names, sizes, and what starting the command line loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "tmalign"

FLOORS = {
    "__init__": 0,
    "errors": 0,
    "model": 0,
    "term_model": 0,
    "text": 1,
    "workers": 1,
    "formats": 2,
    "align": 2,
    "memory": 3,
    "releases": 3,
    "terms": 4,
    "scoring": 4,
    "build": 5,
    "cli": 6,
    "web": 6,
    "__main__": 6,
}
STRANGERS = {("formats", "align"), ("align", "formats")}
LONGEST = 450
NO_NOUNS = {"utils", "util", "helpers", "helper", "common", "misc"}
HEAVY = ("numpy", "lxml", "polars", "fugashi", "unidic_lite", "scipy", "sentencepiece", "Stemmer")


def room(name):
    """Return the room of a dotted module name: `tmalign.text.width` is in `text`, `tmalign` in `__init__`."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(node, module, is_package, source):
    """Return the dotted names that one import statement reaches, relative ones resolved."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        package = module.split(".") if is_package else module.split(".")[:-1]
        package = package[: len(package) - node.level + 1]
        base = ".".join([*package, *filter(None, [node.module])])
    if base != "tmalign":
        return [base]
    # `from tmalign import text` reaches a room, `from tmalign import __version__` the package itself.
    modules = {path.stem for path in source.iterdir()} | FLOORS.keys()
    return [f"tmalign.{alias.name}" if alias.name in modules else "tmalign" for alias in node.names]


def climbs(source):
    """Return every import that points up, or between strangers, as `file:line: reason`."""
    found = []
    for path in sorted(source.rglob("*.py")):
        inside = path.relative_to(source).with_suffix("").parts
        is_package = inside[-1] == "__init__"
        module = ".".join(["tmalign", *(inside[:-1] if is_package else inside)])
        here = room(module)
        if here not in FLOORS:
            found.append(f"{path.name}: {here} has no floor yet: give it one here and in the plan")
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            for name in imported(node, module, is_package, source):
                there = room(name)
                if name.split(".")[0] != "tmalign" or there == here:
                    continue
                if there not in FLOORS:
                    found.append(f"{path.name}:{node.lineno}: {there} has no floor yet")
                elif FLOORS[there] > FLOORS[here]:
                    found.append(f"{path.name}:{node.lineno}: {here} ({FLOORS[here]}) takes from {name}, above it")
                elif (here, there) in STRANGERS:
                    found.append(f"{path.name}:{node.lineno}: {here} and {there} do not know each other")
    return found


def test_imports_point_down():
    assert len(list(SOURCE.rglob("*.py"))) > 20
    assert climbs(SOURCE) == []


@pytest.mark.parametrize(
    ("file", "code", "reason"),
    [
        ("text/width.py", "from tmalign.formats.tmx import write_tmx", "text (1) takes from tmalign.formats.tmx"),
        ("text/width.py", "import tmalign.memory.store", "text (1) takes from tmalign.memory.store"),
        ("errors.py", "from tmalign import text", "errors (0) takes from tmalign.text"),
        ("__init__.py", "from tmalign.text import width", "__init__ (0) takes from tmalign.text"),
        (
            "align/model.py",
            "def f():\n    from tmalign.releases import corpus",
            "align (2) takes from tmalign.releases",
        ),
        (
            "align/model.py",
            "if TYPE_CHECKING:\n    from tmalign.build import build",
            "align (2) takes from tmalign.build",
        ),
        ("align/model.py", "from ..terms import mine", "align (2) takes from tmalign.terms"),
        ("align/__init__.py", "from ..memory import store", "align (2) takes from tmalign.memory"),
        ("build.py", "from .cli.app import main", "build (5) takes from tmalign.cli.app"),
        ("align/model.py", "from tmalign.formats.tmx import write_tmx", "align and formats do not know each other"),
        (
            "formats/tmx.py",
            "try:\n    import tmalign.align.model\nexcept ImportError:\n    pass",
            "do not know each other",
        ),
        ("sundry/odd.py", "", "sundry has no floor yet"),
        ("cli/app.py", "from tmalign import sundry\nimport tmalign.sundry", "sundry has no floor yet"),
    ],
)
def test_a_planted_import_is_found(tmp_path, file, code, reason):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(code, encoding="utf-8")
    found = climbs(tmp_path)
    assert len(found) == 1
    assert reason in found[0]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("text/width.py", "import re\nfrom tmalign.errors import InputError\nfrom tmalign import __version__"),
        ("text/width.py", "from tmalign.text.words import stem\nfrom . import words\nfrom .words import stem"),
        ("memory/store.py", "from tmalign.formats.tmx import write_tmx\nfrom ..align import model\nimport tmalign"),
        ("cli/app.py", "from tmalign.build import build\nfrom tmalign import web\nimport tmalignment.cli"),
    ],
)
def test_imports_that_point_down_or_stay_are_let_pass(tmp_path, file, code):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(code, encoding="utf-8")
    assert climbs(tmp_path) == []


def misnamed(source):
    return [path.name for path in source.rglob("*") if path.stem.lower().strip("_") in NO_NOUNS]


def overlong(source):
    lengths = {
        path.relative_to(source).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in source.rglob("*.py")
    }
    return {name: lines for name, lines in lengths.items() if lines > LONGEST}


def test_rooms_are_named_for_what_they_hold():
    assert misnamed(SOURCE) == []


def test_files_fit_a_reader():
    assert overlong(SOURCE) == {}


def test_bad_names_and_long_files_are_found(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "_utils.py").write_text("", encoding="utf-8")
    (tmp_path / "common").mkdir()
    (tmp_path / "long.py").write_text("x = 1\n" * (LONGEST + 1), encoding="utf-8")
    (tmp_path / "text" / "long.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "fits.py").write_text("x = 1\n" * LONGEST, encoding="utf-8")
    assert sorted(misnamed(tmp_path)) == ["_utils.py", "common"]
    assert overlong(tmp_path) == {"long.py": LONGEST + 1}


def loaded_by(statement):
    """Return which heavy packages a fresh interpreter has loaded after a statement."""
    code = f"import sys; {statement}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_starting_the_command_line_loads_nothing_heavy():
    pytest.importorskip("tmalign.cli.app", exc_type=ModuleNotFoundError)
    assert loaded_by("import tmalign.cli.app") == []


def test_heavy_packages_are_seen():
    assert "numpy" in loaded_by("import tmalign.align.lattice")
