"""Replacing a file: the old one or the new one, whole, whatever happens."""

import os
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inkmeans.errors import FileError
from inkmeans.files import new_part, put_in_place, remove_stale_parts, write_file

needs_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither pipes by name nor an umask")
DAY_AGO = time.time() - 25 * 3600


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
def test_a_private_file_stays_private_all_the_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    path.chmod(0o600)
    modes: list[int] = []
    sync = os.fsync

    def record(handle: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        sync(handle)

    monkeypatch.setattr(os, "fsync", record)
    write_file(path, b"two")
    assert modes[0] == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def no_root() -> Iterator[Path]:
    """Give a folder, and stop being root: root may open whatever it likes."""
    if os.geteuid() != 0:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        os.chown(name, 65534, 65534)
        os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


@needs_posix
@pytest.mark.parametrize("mode", [0o444, 0o400, 0o000, 0o640])
def test_a_file_of_any_mode_is_replaced_and_keeps_it(no_root: Path, mode: int) -> None:
    path = no_root / "a.bin"
    path.write_bytes(b"one")
    path.chmod(mode)
    write_file(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    path.chmod(0o600)
    assert path.read_bytes() == b"two"
    assert only(no_root, "a.bin")


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


@pytest.mark.parametrize("failing", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    path = tmp_path / "a.bin"
    write_file(path, b"old")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises((FileError, KeyboardInterrupt)) as raised:
        write_file(path, b"new")
    assert str(raised.value) == (f"{path} cannot be written: No space left on device." if error.args else "")
    assert path.read_bytes() == b"old"
    assert only(tmp_path, "a.bin")


@needs_posix
@pytest.mark.parametrize("size", [3, 100_000])  # written by the last flush, and before
def test_a_disk_that_takes_no_more_leaves_the_old_file_and_nothing_else(tmp_path: Path, size: int) -> None:
    import resource

    path = tmp_path / "a.bin"
    write_file(path, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, limits[1]))
    try:
        with pytest.raises(FileError, match=r"a\.bin cannot be written: File too large\.$"):
            write_file(path, b"x" * size)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
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
    with new_part(path) as part:
        part.write_bytes(b"two")
        with pytest.raises(FileError, match=r"^a\.bin was made by another process meanwhile; choose another name\.$"):
            put_in_place(part, path, "a.bin", overwrite=False)
    assert path.read_bytes() == b"one"
    assert only(tmp_path, "a.bin")


def test_a_part_takes_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    with new_part(file) as part:
        part.write_bytes(b"one")
        put_in_place(part, file, "a.bin", overwrite=True)
    assert file.read_bytes() == b"one"
    assert only(tmp_path, "a.bin")


def test_stale_parts_are_removed_and_nothing_else(tmp_path: Path) -> None:
    stale = [
        ".a.ink.0123abcd.part",
        ".a.ink.0123abcd.part-wal",
        ".a.ink.89abcdef.part",
        "..a.ink.01234567.part.0000ffff.part",
    ]
    kept = ["a.ink", ".b.ink.0123abcd.part", ".a.ink.part", ".a.ink.0123abcx.part", ".axink.0123abcd.part"]
    for name in stale + kept:
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (DAY_AGO, DAY_AGO))
    fresh = [".a.ink.00000000.part", ".a.ink.11111111.part", ".a.ink.11111111.part-wal"]
    for name in fresh:
        (tmp_path / name).write_bytes(b"")
    os.utime(tmp_path / ".a.ink.11111111.part", (DAY_AGO, DAY_AGO))  # its log is written to: it is in use
    remove_stale_parts(tmp_path / "a.ink")
    assert only(tmp_path, *kept, *fresh)


def test_what_a_killed_process_left_of_a_file_is_removed_when_that_is_written_a_day_later(tmp_path: Path) -> None:
    killed = "import os, sys, inkmeans.files as files; os.fsync = lambda _: os._exit(9); files.write_file('a', b'one')"
    assert subprocess.run([sys.executable, "-c", killed], cwd=tmp_path, check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".part")
    write_file(tmp_path / "a", b"two")
    assert left.exists(), "it may be in use"
    os.utime(left, (DAY_AGO, DAY_AGO))
    write_file(tmp_path / "a", b"three")
    assert only(tmp_path, "a")


def age(folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (DAY_AGO, DAY_AGO))


OPEN = """
import sqlite3, sys
project = sqlite3.connect(sys.argv[1])
project.execute("PRAGMA journal_mode = WAL")
project.execute("CREATE TABLE steps (number)")
project.commit()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses to remove an open file")
def test_a_part_that_another_process_has_open_is_not_stale_however_old_it_is(tmp_path: Path) -> None:
    part = tmp_path / ".a.ink.0123abcd.part"
    names = [part.name, f"{part.name}-shm", f"{part.name}-wal"]
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, part], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            age(tmp_path)
            remove_stale_parts(tmp_path / "a.ink")
            assert only(tmp_path, *names)
        finally:
            process.kill()
    assert only(tmp_path, *names)
    remove_stale_parts(tmp_path / "a.ink")
    assert only(tmp_path)


def test_a_part_that_this_process_has_open_is_not_stale_however_old_it_is(tmp_path: Path) -> None:
    with new_part(tmp_path / "a.ink") as part:
        part.write_bytes(b"one")
        Path(f"{part}-wal").write_bytes(b"two")
        age(tmp_path)
        remove_stale_parts(tmp_path / "a.ink")
        assert only(tmp_path, part.name, f"{part.name}-wal")
    assert only(tmp_path)
