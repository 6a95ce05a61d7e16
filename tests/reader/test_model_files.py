"""A model file is saved whole or not at all, found by name or path, and told by name where it cannot be read."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

import inkmeans
from inkmeans import Reader
from inkmeans.errors import FileError, InkmeansError, ModelFileError


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(features="pixels").fit(load_digits().images[:60], np.array(["a", "b", "ü"])[np.arange(60) % 3])


@pytest.fixture(scope="module")
def whole(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "whole.safetensors"
    reader.save(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def test_a_missing_file_is_named(path: Path) -> None:
    message = f"{path} does not exist; name a model file, or 'digits' for the reader that ships."
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        inkmeans.load(path)
    with pytest.raises(OSError):
        Reader.load(str(path))


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=f"^{re.escape(f'{tmp_path} is a folder; name a model file (.safetensors).')}$"):
        inkmeans.load(tmp_path)


def test_an_empty_name_is_not_the_folder_one_is_in() -> None:
    with pytest.raises(
        FileError, match=r"^'' names no file; name a model file, or 'digits' for the reader that ships\.$"
    ):
        inkmeans.load("")
    with pytest.raises(FileError, match=r"^'' names no file; give the path of a picture\.$"):
        inkmeans.read("")


def test_names_that_no_file_can_have_get_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^'no\\x00file' cannot be the name of a file \(embedded null byte\)\.$"):
        inkmeans.load("no\0file")
    with pytest.raises(FileError, match=r" cannot be read \(File name too long\)\.$"):
        inkmeans.load(tmp_path / ("x" * 5000))


def test_an_unreadable_file_is_named(whole: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(whole)

    def refuse(*arguments: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match=f"^{re.escape(f'{path} cannot be read (Permission denied).')}$"):
        inkmeans.load(path)


def test_the_reader_that_ships_is_found_whatever_stands_in_the_folder(
    whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits").mkdir()
    assert inkmeans.load("digits").classes_.tolist() == list("0123456789")
    assert inkmeans.load().classes_.tolist() == list("0123456789")
    (tmp_path / "digits").rmdir()
    (tmp_path / "digits").write_bytes(whole)
    assert inkmeans.load("digits").classes_.tolist() == list("0123456789")
    assert inkmeans.load("./digits").classes_.tolist() == ["a", "b", "ü"]
    assert inkmeans.load(Path("digits")).classes_.tolist() == ["a", "b", "ü"]


def _full_disk(*arguments: Any) -> None:
    raise OSError(28, "No space left on device")


def _ctrl_c(*arguments: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("how", [_full_disk, _ctrl_c])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    reader: Reader, path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool, how: Any
) -> None:
    if exists:
        path.write_bytes(b"the old file")
    monkeypatch.setattr(Path, "replace", how)
    if how is _ctrl_c:
        with pytest.raises(KeyboardInterrupt):
            reader.save(path)
    else:
        message = f"{path} cannot be written: No space left on device."
        with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
            reader.save(path)
    monkeypatch.undo()
    assert [file.name for file in path.parent.iterdir()] == ([path.name] if exists else [])
    assert not exists or path.read_bytes() == b"the old file"


def test_a_place_that_cannot_be_written_is_named(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "none" / "model.safetensors"
    message = f"{path} cannot be written: there is no folder {path.parent}."
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        reader.save(path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match=r"folder is a folder; give the name of a file\.$"):
        reader.save(tmp_path / "folder")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_link_stays_and_what_it_stands_for_is_written(reader: Reader, whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far" / "model.safetensors")
    reader.save(tmp_path / "link")
    reader.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "far").iterdir()] == [("model.safetensors", whole)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
def test_a_pipe_is_not_replaced(reader: Reader, path: Path) -> None:
    os.mkfifo(path)
    message = f"{path} is no plain file (a device or a pipe), and is not written over; give the name of a file."
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        reader.save(path)
    assert path.is_fifo()


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_saved_file_has_the_usual_mode(reader: Reader, whole: bytes, path: Path) -> None:
    before = os.umask(0o027)
    try:
        reader.save(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
    reader.save(str(path))
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == whole


def test_every_error_is_one_of_ours_and_a_standard_one() -> None:
    assert issubclass(ModelFileError, InkmeansError)
    assert issubclass(ModelFileError, ValueError)
    assert issubclass(FileError, OSError)
