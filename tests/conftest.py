"""What several rooms' tests need."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

NOBODY = 65534


@pytest.fixture
def ordinary_user():
    """Give a folder of a user whom permissions bind; the tests themselves may run as root."""
    folder = Path(tempfile.mkdtemp())
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)


# A change must not fail to land for a case nobody has seen: CI draws the same examples each time, people new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
