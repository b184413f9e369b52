"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tmalign.errors import OutputError
from tmalign.formats.files import atomic_write


def test_the_bytes_appear_when_the_block_ends_and_not_before(tmp_path):
    target = tmp_path / "new" / "deep" / "a.txt"
    with atomic_write(target) as stream:
        stream.write(b"one")
        stream.flush()
        assert not target.exists()
    assert target.read_bytes() == b"one"
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def broken():
        with atomic_write(target) as stream:
            stream.write(b"half of the new")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        broken()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    # As a device is: a file in its place would be there for every program on the machine.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with atomic_write(pipe, keep_identical=True) as stream:
            stream.write(b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_the_same_bytes_keep_the_time_stamp_and_others_do_not(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"same")
    os.utime(target, (1_000, 1_000))
    with atomic_write(target, keep_identical=True) as stream:
        stream.write(b"same")
    assert target.stat().st_mtime == 1_000
    with atomic_write(target, keep_identical=True) as stream:
        stream.write(b"not the same")
    assert target.stat().st_mtime > 1_000
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.txt"
    target.write_bytes(b"old")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    with atomic_write(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_the_umask_decides_who_may_read(tmp_path):
    before = os.umask(0o027)
    try:
        with atomic_write(tmp_path / "a.txt") as stream:
            stream.write(b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    target = tmp_path / "file" / "a.txt"
    with pytest.raises(OutputError, match="cannot be written") as caught, atomic_write(target):
        pass
    assert caught.value.path == str(target)
    assert caught.value.exit_code == 2


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no null device here")  # noqa: PTH110 - a name, no path
def test_the_null_device_stays_one():
    with atomic_write(Path(os.devnull)) as stream:
        stream.write(b"gone")
    assert Path(os.devnull).is_char_device()
