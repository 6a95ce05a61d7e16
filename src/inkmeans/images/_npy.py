"""The arrays inside .npy and .npz files, checked before memory is taken; objects (pickles) are never loaded."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import ImageError
from inkmeans.images._files import MAX_UNPACKED, file_size, open_file, read_bytes, times


@dataclass(frozen=True)
class ArrayHeader:
    """What a .npy header says: the array is not loaded yet."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool


class Archive:
    """The arrays of one .npz file by name; headers are read at once, an array when it is asked for."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise ImageError(f"{name} is not an .npz file (.npy arrays in a zip), or it is cut short.") from error
        self._members = {
            info.filename.removesuffix(".npy"): info for info in self._zip.infolist() if info.filename.endswith(".npy")
        }
        self.headers = {array_name: self._header(array_name) for array_name in self._members}

    def read(self, array_name: str) -> NDArray[Any]:
        """Return one array."""
        what = f"{self.name}: array '{array_name}'"
        info = self._members[array_name]
        with self._open(array_name) as member:
            header = _read_header(member, what)
            if info.file_size > MAX_UNPACKED:
                raise ImageError(
                    f"{what} has {info.file_size:,} bytes, more than the limit of {MAX_UNPACKED:,} for an .npz file; "
                    "save it as .npy."
                )
            return _read_numbers(member, header, info.file_size - member.tell(), what)

    def _header(self, array_name: str) -> ArrayHeader:
        with self._open(array_name) as member:
            return _read_header(member, f"{self.name}: array '{array_name}'")

    @contextmanager
    def _open(self, array_name: str) -> Iterator[Any]:
        try:
            with self._zip.open(self._members[array_name]) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise ImageError(
                f"{self.name}: array '{array_name}' cannot be unpacked; the file is damaged or encrypted."
            ) from error


def read_npy(path: Path) -> NDArray[Any]:
    """Return the array of an .npy file."""
    with open_file(path) as file:
        header = _read_header(file, str(path))
        return _read_numbers(file, header, file_size(file), str(path))


def _read_header(file: Any, what: str) -> ArrayHeader:
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran_order, dtype = read(file)
    except (ValueError, KeyError, EOFError) as error:
        raise ImageError(f"{what} does not begin with an .npy header that can be read; save it again.") from error
    if dtype.hasobject:
        raise ImageError(
            f"{what} holds Python objects, which are never loaded because loading them may run code; "
            "save plain numbers or text."
        )
    return ArrayHeader(shape, dtype, fortran_order)


def _read_numbers(file: Any, header: ArrayHeader, left: int, what: str) -> NDArray[Any]:
    needed = math.prod(header.shape) * header.dtype.itemsize
    if left != needed:
        fate = "it is probably truncated" if left < needed else "it is damaged"
        raise ImageError(
            f"{what}: {header.dtype} of {times(header.shape) or 'one number'} needs {needed:,} bytes, "
            f"the file has {left:,}; {fate}."
        )
    data, done = read_bytes(file, needed)
    if done < needed:
        raise ImageError(f"{what} ends after {done:,} of {needed:,} bytes; the file is damaged.")
    file.read(1)  # the end of a zip member is where its checksum is compared
    array: NDArray[Any] = data.view(header.dtype) if needed else np.empty(0, header.dtype)
    return array.reshape(header.shape, order="F" if header.fortran_order else "C")
