"""Replacing a file: the old one or the new one, whole, whatever happens."""

import os
import re
import stat
import time
from pathlib import Path

import pytest

from inkmeans.errors import FileError
from inkmeans.files import part_of, put_in_place, remove_stale_parts, write_file

needs_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither pipes by name nor an umask")


def only(folder: Path, *names: str) -> bool:
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_file(path, b"one")
    write_file(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert only(tmp_path, "a.bin")


@needs_posix
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_permissions_that_the_process_gives(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_file(tmp_path / "a.bin", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o666 & ~mask


@needs_posix
def test_the_umask_of_the_process_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the umask is the whole process's"))
    write_file(tmp_path / "a.bin", b"one")


@needs_posix
def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    path.chmod(0o600)
    write_file(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_to_the_file_stays_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.bin").symlink_to(tmp_path / "folder" / "a.bin")
    for data in (b"one", b"two"):
        write_file(tmp_path / "link.bin", data)
        assert (tmp_path / "folder" / "a.bin").read_bytes() == data
    assert (tmp_path / "link.bin").is_symlink()
    assert only(tmp_path / "folder", "a.bin")


@needs_posix
def test_a_device_or_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    for path in (tmp_path / "pipe", tmp_path / "link", Path("/dev/null")):
        sentence = f"{path} is no plain file (a device or a pipe), and is not written over; give the name of a file."
        with pytest.raises(FileError, match=f"^{re.escape(sentence)}$"):
            write_file(path, b"one")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_what_cannot_be_written_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    sentences = {
        tmp_path: f"{tmp_path} is a folder; give the name of a file.",
        tmp_path / "none" / "a": f"{tmp_path}/none/a cannot be written: there is no folder {tmp_path}/none.",
        tmp_path / ("x" * 300): f"{tmp_path}/{'x' * 300} cannot be written: File name too long.",
    }
    for path, sentence in sentences.items():
        with pytest.raises(FileError, match=f"^{re.escape(sentence)}$"):
            write_file(path, b"one")
    with pytest.raises(FileError, match="cannot be written: "):
        write_file("a\0b", b"one")
    with pytest.raises(FileError, match="loop cannot be written: "):
        write_file(tmp_path / "loop", b"one")
    assert only(tmp_path, "loop")


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    path = tmp_path / "a.bin"
    write_file(path, b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises((FileError, KeyboardInterrupt)) as raised:
        write_file(path, b"new")
    assert str(raised.value) == (f"{path} cannot be written: No space left on device." if error.args else "")
    assert path.read_bytes() == b"old"
    assert only(tmp_path, "a.bin")


def test_file_and_folder_are_put_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    sync = os.fsync

    def record(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    monkeypatch.setattr(os, "fsync", record)
    write_file(tmp_path / "a.bin", b"one")
    assert synced == (["file", "folder"] if hasattr(os, "O_DIRECTORY") else ["file"])


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_is_there_is_kept_unless_it_may_be_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:

        def refuse(*_: object) -> None:
            raise OSError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "a.bin"
    write_file(path, b"one", overwrite=False)
    with pytest.raises(FileError, match=r"a\.bin already exists; choose another name\.$"):
        write_file(path, b"two", overwrite=False)
    part = part_of(path)
    part.write_bytes(b"two")
    with pytest.raises(FileError, match=r"^a\.bin was made by another process meanwhile; choose another name\.$"):
        put_in_place(part, path, "a.bin", overwrite=False)
    part.unlink()
    assert path.read_bytes() == b"one"
    assert only(tmp_path, "a.bin")


def test_a_part_takes_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    part = part_of(file)
    part.write_bytes(b"one")
    put_in_place(part, file, "a.bin", overwrite=True)
    assert file.read_bytes() == b"one"
    assert only(tmp_path, "a.bin")


def test_stale_parts_are_removed_and_nothing_else(tmp_path: Path) -> None:
    day = time.time() - 25 * 3600
    stale = [
        ".a.ink.0123abcd.part",
        ".a.ink.0123abcd.part-wal",
        ".a.ink.89abcdef.part",
        "..a.ink.01234567.part.0000ffff.part",
    ]
    kept = ["a.ink", ".b.ink.0123abcd.part", ".a.ink.part", ".a.ink.0123abcx.part", ".axink.0123abcd.part"]
    for name in stale + kept:
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (day, day))
    fresh = [".a.ink.00000000.part", ".a.ink.11111111.part", ".a.ink.11111111.part-wal"]
    for name in fresh:
        (tmp_path / name).write_bytes(b"")
    os.utime(tmp_path / ".a.ink.11111111.part", (day, day))  # its log is written to: it is in use
    remove_stale_parts(tmp_path / "a.ink")
    assert only(tmp_path, *kept, *fresh)
