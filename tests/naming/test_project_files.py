"""Files that are no project, or no longer one: each gets one sentence, and none is harmed."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import FileError, InkmeansError, ProjectError
from inkmeans.naming import Project, replacing
from inkmeans.naming._arrays import pack
from inkmeans.naming._checksum import checksum
from inkmeans.naming._steps import Record


def refusal(path):
    with pytest.raises(InkmeansError) as caught:
        Project.open(path)
    return type(caught.value), str(caught.value)


@pytest.fixture
def closed(project, path):
    """Return the path of a closed project with two named clusters."""
    project.name_many({0: "a", 1: "b"})
    project.close()
    return path


@contextlib.contextmanager
def tampering(path):
    """Give SQL to a project file, its guards taken away."""
    connection = sqlite3.connect(path)
    connection.executescript("DROP TRIGGER steps_are_never_changed; DROP TRIGGER steps_are_never_deleted;")
    yield connection.execute
    connection.commit()
    connection.close()


def test_what_is_not_there(tmp_path):
    path = tmp_path / "none.ink"
    assert refusal(path) == (
        FileError,
        f"{path} does not exist; make a project with: inkmeans cluster IMAGES -o {path}",
    )
    assert refusal(tmp_path) == (FileError, f"{tmp_path} is a folder, not a project file.")
    assert not path.exists()
    os.mkfifo(path)
    assert refusal(path) == (FileError, f"{path} is not a plain file, so it cannot be a project.")


def test_a_place_that_cannot_hold_a_project(tmp_path, bars):
    with pytest.raises(FileError) as caught:
        Project.create(tmp_path / "none" / "bars.ink", bars)
    assert (
        str(caught.value)
        == f"{tmp_path / 'none' / 'bars.ink'} cannot be written: there is no folder {tmp_path / 'none'}."
    )
    with pytest.raises(FileError) as caught:
        Project.create(tmp_path, bars, overwrite=True)
    assert str(caught.value) == f"{tmp_path} is a folder; give the name of a file."


@pytest.mark.parametrize("content", [b"a text", b"\x00" * 5000, b"\x89PNG\r\n" * 999], ids=["text", "zeros", "picture"])
def test_a_file_that_is_not_sqlite(path, content):
    path.write_bytes(content)
    assert refusal(path) == (ProjectError, f"{path} is not an inkmeans project: it is not an SQLite file.")
    assert path.read_bytes() == content


def test_an_empty_file(path):
    path.touch()
    assert refusal(path) == (ProjectError, f"{path} is empty, not an inkmeans project.")
    assert path.read_bytes() == b""


def test_an_sqlite_file_of_another_program_is_left_as_it_was(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE steps (number)")
    connection.close()
    before = path.read_bytes()
    assert refusal(path) == (
        ProjectError,
        f"{path} is an SQLite file of another program, not an inkmeans project.",
    )
    assert path.read_bytes() == before


def test_a_project_of_a_newer_version(closed):
    with tampering(closed) as run:
        run("PRAGMA user_version = 2")
    before = closed.read_bytes()
    assert refusal(closed) == (
        ProjectError,
        f"{closed} is a project of version 2, and this inkmeans knows versions up to 1; upgrade: pip install"
        " -U inkmeans",
    )
    assert closed.read_bytes() == before


def test_a_project_without_a_version(closed):
    with tampering(closed) as run:
        run("PRAGMA user_version = 0")
    assert refusal(closed) == (ProjectError, f"{closed} is damaged: it has no version; restore the file from a copy.")


def test_a_truncated_project(closed):
    whole = closed.read_bytes()
    for size in (100, 4096, len(whole) // 2, len(whole) - 4096):
        closed.write_bytes(whole[:size])
        assert refusal(closed) == (
            ProjectError,
            f"{closed} is damaged (database disk image is malformed); restore the file from a copy.",
        )
        assert closed.read_bytes() == whole[:size]
    closed.write_bytes(whole[:-1])
    assert refusal(closed) == (
        ProjectError,
        f"{closed} is damaged: it should have {len(whole):,} bytes and has {len(whole) - 1:,}, so it is probably"
        " truncated; restore the file from a copy.",
    )


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DROP TABLE steps", "(no such table: steps)"),
        ("DELETE FROM settings", ": its settings fail their checksum"),
        ("UPDATE settings SET detail = replace(detail, 'auto', 'dark')", ": its settings fail their checksum"),
        ("UPDATE settings SET detail = '[]', crc32 = {settings}", ": its settings are not what they must be"),
        ("DELETE FROM glyphs WHERE number = 7", ": it should hold 8 glyphs and holds 7"),
        ("DELETE FROM glyphs", ": it should hold 8 glyphs and holds 0"),
        ("DELETE FROM steps WHERE number = 1", ": step 1 is missing (the next is 2)"),
        ("DELETE FROM steps WHERE number = 2", ": it should hold 2 steps and holds 1"),
        ("DELETE FROM steps", ": it should hold 2 steps and holds 0"),
        ("UPDATE steps SET kind = 'names' WHERE number = 2", ": step 2 fails its checksum"),
        ("UPDATE steps SET detail = X'00' WHERE number = 2", ": step 2 fails its checksum"),
        ("UPDATE steps SET arrays = NULL WHERE number = 1", ": step 1 has lost its arrays"),
        ("UPDATE steps SET arrays = X'0123' WHERE number = 1", ": in step 1 its bytes fail their checksum"),
    ],
)
def test_a_damaged_project_says_where_it_is_damaged(closed, sql, what):
    with tampering(closed) as run:
        run(sql.format(settings=checksum("[]")))
    space = "" if what.startswith(":") else " "
    assert refusal(closed) == (ProjectError, f"{closed} is damaged{space}{what}; restore the file from a copy.")


@pytest.mark.parametrize(
    ("sql", "use", "what"),
    [
        (
            "DELETE FROM glyphs WHERE number = 3",
            lambda project: project.glyphs,
            "it should hold 8 glyphs and holds 7",
        ),
        (
            "UPDATE glyphs SET pixels = zeroblob(784) WHERE number = 3",
            lambda project: project.glyphs,
            "glyph 3 fails its checksum",
        ),
        (
            "UPDATE glyphs SET truth = '3' WHERE number = 0",
            lambda project: project.verdicts,
            "glyph 0 fails its checksum",
        ),
        ("DELETE FROM images WHERE number = 2", lambda project: project.images[2], "image 2 is missing"),
        (
            "UPDATE images SET arrays = X'00' WHERE number = 2",
            lambda project: list(project.images),
            "image 2 cannot be unpacked (its arrays need 784 bytes, the file has 0 left)",
        ),
        (
            "UPDATE images SET layout = replace(layout, 'u1', 'i1') WHERE number = 0",
            lambda project: project.images[0],
            "image 0 fails its checksum",
        ),
    ],
)
def test_damage_in_the_pile_is_found_when_it_is_read(closed, sql, use, what):
    with tampering(closed) as run:
        run(sql)
    with Project.open(closed) as project:
        assert [step.kind for step in project.history] == ["cluster", "name"]
        with pytest.raises(ProjectError) as caught:
            use(project)
        assert str(caught.value) == f"{closed} is damaged: {what}; restore the file from a copy."


WHOLE = {"labels": np.zeros(8, np.int32), "centers": np.zeros((2, 784)), "distances": np.zeros(8, np.float32)}
UNEVEN = "there is not one label for each of the 8 glyphs"


@pytest.mark.parametrize(
    ("arrays", "n_clusters", "what"),
    [
        ({"labels": np.zeros(7, np.int32), "centers": np.zeros((2, 784))}, 2, UNEVEN),
        ({"centers": np.zeros((2, 784))}, 2, UNEVEN),
        ({**WHOLE, "labels": np.full(8, 2, np.int32)}, 2, "its labels are not all in -1..1"),
        ({**WHOLE, "labels": np.full(8, -2, np.int32)}, 2, "its labels are not all in -1..1"),
        ({"labels": np.zeros(8, np.int32), "centers": np.zeros((2, 64))}, 2, "its centers are not rows of 784 numbers"),
        ({**WHOLE, "distances": np.zeros(7)}, 2, "there is not one distance for each of the 8 glyphs"),
        ({**WHOLE, "distances": np.full(8, np.nan)}, 2, "its distances are not finite"),
        (
            WHOLE,
            3,
            "its centers are not finite, or not as many as its clusters",
        ),
        (
            {**WHOLE, "centers": np.full((2, 784), np.nan)},
            2,
            "its centers are not finite, or not as many as its clusters",
        ),
    ],
)
def test_a_forged_clustering_is_refused(closed, arrays, n_clusters, what):
    layout, data = pack(arrays)
    record = Record.of(3, "cluster", {"n_clusters": n_clusters, "arrays": layout}, "now")
    connection = sqlite3.connect(closed)
    with connection:
        connection.execute(
            "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)", (3, "cluster", record.detail, "now", record.crc32, data)
        )
    connection.close()
    assert refusal(closed) == (ProjectError, f"{closed} is damaged: in step 3 {what}; restore the file from a copy.")


@pytest.mark.parametrize(
    ("number", "names", "what"),
    [
        (3, {"2": "a"}, "step 3 names a cluster that is not in 0..1."),
        (1, {"0": "a"}, "step 1 names clusters before there were any."),
    ],
)
def test_a_forged_name_is_refused(closed, number, names, what):
    detail = json.dumps({"names": names})
    with tampering(closed) as run:
        run("DELETE FROM steps WHERE number >= ?", (number,))
        run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'steps'", (number,))
        run(
            "INSERT INTO steps VALUES (?, 'name', ?, 'now', ?, NULL)",
            (number, detail, checksum(number, "name", detail, "now")),
        )
    assert refusal(closed) == (ProjectError, f"{closed} is damaged: {what}")


def everything(path):
    with Project.open(path) as project:
        return (
            [(step.number, step.kind, json.dumps(step.detail), step.status) for step in project.history],
            project.glyphs.tobytes(),
            [(image.dtype, image.shape, image.tobytes()) for image in project.images],
            (project.sources, project.truths, project.verdicts, project.settings),
        )


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return the bytes of a project file, and everything in it."""
    path = tmp_path_factory.mktemp("sample") / "sample.ink"
    images = np.zeros((12, 28, 28), dtype=np.uint8)
    for i in range(12):
        images[i, 4:24, 6 + i // 2 : 10 + i] = 255
    with Project.create(path, images, truths=range(12), sources=["ಕ.png"] * 12) as project:
        project.cluster(3)
        for i in range(3):
            project.name(i, f"name {i}")
        project.undo()
    return path.read_bytes(), everything(path)


@pytest.mark.slow  # hundreds of damaged files
@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 1 << 20), flip=st.integers(1, 255))
def test_a_flipped_byte_gives_a_sentence_or_harms_nothing(sample, place, flip):
    whole, before = sample
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= flip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flip.ink"
        path.write_bytes(damaged)
        try:
            after = everything(path)
        except InkmeansError as error:
            assert str(error).startswith(f"{path} ")
        else:
            assert after == before


@pytest.fixture
def as_nobody(bars):
    """Give a folder that everybody can reach, and stop being root in it: root may write whatever it likes."""
    folder = Path(tempfile.mkdtemp(prefix="inkmeans-"))
    folder.chmod(0o755)
    path = folder / "bars.ink"
    with Project.create(path, bars) as project:
        project.cluster(2)
        project.name(0, "a")
    path.chmod(0o644)
    if os.geteuid() == 0:
        os.seteuid(65534)
        yield path
        os.seteuid(0)
    else:
        path.chmod(0o444)
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)
        path.chmod(0o644)
    shutil.rmtree(folder)


def test_a_read_only_project_can_be_looked_at_and_says_that_it_is(as_nobody):
    path, before = as_nobody, as_nobody.read_bytes()
    with Project.open(path) as project:
        assert [cluster.name for cluster in project.clusters] == ["a", None]
        for write in (lambda: project.name(1, "b"), project.undo, lambda: project.cluster(3)):
            with pytest.raises(FileError) as caught:
                write()
            assert (
                str(caught.value) == f"{path} is read-only; copy it to a folder that you can write to, and work there."
            )
        assert len(project.history) == 2
    assert path.read_bytes() == before


def test_a_project_opened_to_be_read_is_not_written_to(closed):
    path = closed
    before = path.stat().st_mtime_ns, path.read_bytes()
    with Project.open(path, read_only=True) as project:
        assert [cluster.name for cluster in project.clusters] == ["a", "b"]
        with pytest.raises(FileError) as caught:
            project.name(1, "c")
        assert str(caught.value) == f"{path} was opened only to be read; open it again without read_only."
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    with Project.open(path) as writer:
        writer.name(1, "c")  # in the log, not in the file
        with Project.open(path, read_only=True) as project:
            assert [cluster.name for cluster in project.clusters] == ["a", "c"]
        crashed = path.with_name("crashed.ink")
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", f"{crashed}{end}")
    with Project.open(crashed, read_only=True) as project:
        assert [cluster.name for cluster in project.clusters] == ["a", "c"]


def test_a_read_only_project_is_not_replaced_nor_its_folder_written(as_nobody, bars):
    path = as_nobody
    with pytest.raises(FileError) as caught:
        Project.create(path, bars, overwrite=True)
    assert str(caught.value) == f"{path} is read-only, so it is not replaced; choose another name."
    other = path.with_name("other.ink")
    with pytest.raises(FileError) as caught:
        Project.create(other, bars)
    assert str(caught.value) == (
        f"{other} cannot be used (unable to open database file); check that the file and its folder can be read and"
        " written."
    )


def test_a_project_that_may_not_be_read(as_nobody):
    path = as_nobody
    me = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    path.chmod(0o000)
    os.seteuid(me)
    assert refusal(path) == (
        FileError,
        f"{path} cannot be used (unable to open database file); check that the file and its folder can be read and"
        " written.",
    )


KILLED = """
import os, sys
import numpy as np
from inkmeans.naming import Project, _create
_create.put_in_place = lambda *_args, **_more: os._exit(9)
Project.create(sys.argv[1], np.eye(28, dtype=np.uint8)[None] * 255, overwrite=True)
"""


@pytest.mark.parametrize("then", ["open", "create", "replace"])
def test_what_a_killed_process_left_is_removed_when_the_project_is_used_a_day_later(path, bars, then):
    with Project.create(path, bars):
        pass
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == 9
    (left,) = set(path.parent.iterdir()) - {path}
    assert left.name.endswith(".part")
    Project.open(path).close()
    assert left.exists(), "it may be in use"
    a_day_ago = time.time() - 25 * 3600
    os.utime(left, (a_day_ago, a_day_ago))
    if then == "open":
        Project.open(path).close()
    elif then == "create":
        path.unlink()
        Project.create(path, bars).close()
    else:
        with replacing(path) as beside:
            assert not left.exists()
            Project.create(beside, bars).close()
    assert list(path.parent.iterdir()) == [path]
