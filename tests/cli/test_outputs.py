"""Files that commands write: whole or not at all, and never over something that is there unasked."""

import errno
import os
import sys
from pathlib import Path

import pytest

from inkmeans.cli._outputs import check_output, make_folder, write_output
from inkmeans.cli._projects import is_project
from inkmeans.errors import FileError


def test_a_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_output(tmp_path / "a", b"new", force=False)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"new")]


def test_the_same_content_is_no_conflict(tmp_path: Path) -> None:
    write_output(tmp_path / "a", b"same", force=False)
    before = (tmp_path / "a").stat().st_mtime_ns
    write_output(tmp_path / "a", b"same", force=False)
    assert (tmp_path / "a").stat().st_mtime_ns == before
    with pytest.raises(FileError, match=r"already exists; choose another name, or replace it with --force\.$"):
        write_output(tmp_path / "a", b"other", force=False)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileError, match=r"a cannot be written: No space left on device\.$"):
        write_output(tmp_path / "a", b"new", force=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


def test_a_file_is_put_in_place_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "same").hardlink_to(tmp_path / "a")  # would change too, were the old file written into
    write_output(tmp_path / "a", b"new", force=True)
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "same").read_bytes()) == (b"new", b"old")


def test_inputs_and_projects_are_not_replaced_even_by_force(tmp_path: Path) -> None:
    (tmp_path / "in.png").write_bytes(b"x")
    (tmp_path / "link.png").symlink_to(tmp_path / "in.png")
    (tmp_path / "b.ink").write_bytes(b"SQLite format 3\0")
    for name in ("in.png", "link.png"):
        with pytest.raises(FileError, match=r"is an input, which is not written over; choose another name\.$"):
            check_output(tmp_path / name, force=True, inputs=["-", "missing", tmp_path / "in.png"])
    with pytest.raises(FileError, match=r"is a project, which only inkmeans cluster replaces; choose another name\.$"):
        check_output(tmp_path / "b.ink", force=True)
    check_output(tmp_path / "b.ink", force=True, is_for_project=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
def test_what_is_no_plain_file_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    told = r"pipe is no plain file \(a device or a pipe\), and is not written over; give the name of a file\.$"
    with pytest.raises(FileError, match=told):
        check_output(pipe, force=True)
    with pytest.raises(FileError, match=told):
        write_output(pipe, b"new", force=True)
    assert pipe.is_fifo()


def test_a_dash_is_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match=r"^'-' is standard input, to which nothing is written; give the name of a f"):
        check_output(Path("-"), force=True)


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_stands_for_is_written(tmp_path: Path, there: bool) -> None:
    (tmp_path / "far").mkdir()
    if there:
        (tmp_path / "far" / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "a")
    write_output(tmp_path / "link", b"new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "far").iterdir()] == [("a", b"new")]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=r"is a file, but a folder is needed here; choose another name\.$"):
        make_folder(tmp_path / "file")
    with pytest.raises(FileError, match=r"cannot be made: Not a directory\.$"):
        make_folder(tmp_path / "file" / "below")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions bind neither root nor Windows")
def test_a_folder_of_others_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FileError, match=r"a cannot be written: Permission denied\.$"):
            write_output(tmp_path / "a", b"new", force=False)
    finally:
        tmp_path.chmod(0o700)


def test_projects_are_told_by_content_or_name(tmp_path: Path) -> None:
    (tmp_path / "a.ink").touch()
    (tmp_path / "b.dat").write_bytes(b"SQLite format 3\0...")
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / "d.ink").mkdir()
    found = [is_project(tmp_path / name) for name in ("a.ink", "b.dat", "c.png", "d.ink", "none.ink", "none.png")]
    assert found == [True, True, False, False, True, False]
    assert not is_project("nul\0")
