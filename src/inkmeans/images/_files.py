"""Opening a file, so that every reader says the same about one that is missing, a folder, or not to be opened."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ImageError

MAX_UNPACKED = 4 << 30
"""The most bytes that a compressed or piped input may decompress to: 4 GiB, a million images of 64 x 64 bytes."""


def open_file(path: Path) -> BinaryIO:
    """Return the file opened for reading, always seekable: a pipe is read into memory first.

    Raises
    ------
    FileError
        The path is missing, a folder, or cannot be opened.
    """
    try:
        if path.is_dir():
            raise FileError(f"{path} is a folder, but a file is needed here; give the path of a file inside it.")
        file = path.open("rb")
    except FileNotFoundError as error:
        raise FileError(f"{path} does not exist; check the path.") from error
    except PermissionError as error:
        raise FileError(f"{path} cannot be opened: you have no permission to read it.") from error
    except FileError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{str(path)!r} cannot be opened ({reason}); check the path.") from error
    if file.seekable():
        return file
    with file:
        return io.BytesIO(read_at_most(file, MAX_UNPACKED, str(path)))


def read_at_most(file: BinaryIO, limit: int, name: str) -> bytes:
    """Return all bytes that are left in the file; raise ImageError where they are more than the limit."""
    try:
        data = file.read(limit + 1)
    except OSError as error:
        raise FileError(
            f"{name} cannot be read ({error.strerror or error}); check the disk or copy it again."
        ) from error
    if not isinstance(data, bytes):
        raise ImageError(f"{name} was opened as text; open it in binary mode ('rb').")
    if len(data) > limit:
        raise ImageError(f"{name} is larger than the limit of {limit:,} bytes; split it into smaller files.")
    return data


def file_size(file: BinaryIO) -> int:
    """Return the number of bytes from here to the end of a seekable file, and stay here."""
    here = file.tell()
    size = file.seek(0, io.SEEK_END) - here
    file.seek(here)
    return size


def read_bytes(file: Any, n_bytes: int) -> tuple[NDArray[np.uint8], int]:
    """Return an array of so many bytes from the file, and how many of them the file really had."""
    data = np.empty(n_bytes, np.uint8)  # memory is taken only as it is filled
    done = 0
    while done < n_bytes:
        n_read = file.readinto(data.data[done : done + (1 << 24)])
        if not n_read:
            break
        done += n_read
    return data, done


def times(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: ``60,000 x 28 x 28``."""
    return " x ".join(f"{length:,}" for length in shape)
