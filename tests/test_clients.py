"""The memory in the programs it is made for; OmegaT itself is asked by scripts/check_clients."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import pytest

from tmalign.formats.tmx import write_tmx
from tmalign.memory.store import Store

SCRIPT = Path(__file__).parents[1] / "scripts" / "check_clients"
sys.path.insert(0, str(Path(__file__).parent / "standins"))
from parcels import parcel  # noqa: E402


@pytest.fixture
def clients(monkeypatch):
    """Return the script as a module."""
    loader = importlib.machinery.SourceFileLoader("check_clients", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_clients", loader))
    monkeypatch.setitem(sys.modules, "check_clients", module)
    loader.exec_module(module)
    return module


@pytest.fixture
def memory(tmp_path):
    with Store(tmp_path / "memory.sqlite") as store:
        for number in range(5):
            store.save_release(*parcel(f"{number}", ja=(f"第{number}回 <会談> & 協議。", "二。", "三。")))
        write_tmx(tmp_path / "a.tmx", store.units())
    return tmp_path / "a.tmx"


def test_translate_toolkit_reads_every_unit(clients, memory):
    pytest.importorskip("translate", reason="translate-toolkit is not installed")
    check = clients.Check()
    clients.check_toolkit(check, memory)
    assert check.failures == []
    assert check.figures["translate-toolkit ja-en: units read"] == "10 of 10"


def test_a_unit_that_a_client_reads_otherwise_is_noticed(clients, memory, monkeypatch):
    pytest.importorskip("translate", reason="translate-toolkit is not installed")
    real = clients.sides
    monkeypatch.setattr(clients, "sides", lambda unit, source: tuple(f"{text}!" for text in real(unit, source)))
    check = clients.Check()
    clients.check_toolkit(check, memory)
    assert len(check.failures) == 2


def test_omegat_fills_in_and_finds(clients, memory, tmp_path):
    if clients.shutil.which("java") is None or not clients.JAR.is_file():
        pytest.skip("OmegaT is not installed")
    program = clients.OmegaT(tmp_path / "project", memory, "ja", cut=False)
    rows = program.rows(["二。", "第3回 <会談> & 協議。", "第3回の <会談> & 協議。"], fuzzy=True)
    found = {row["text"]: row["translation"] for row in rows if row["kind"] == "segment"}
    assert found["二。"] == "The talks were useful."
    assert found["第3回 <会談> & 協議。"] == "The ministers met."
    assert any(row["source"] == "第3回 <会談> & 協議。" for row in rows if row["kind"] == "match")
    assert program.complaints() == []
