"""Fetching a data set's files: each is checked by its hash, and only a good one gets its name."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inkmeans.datasets._cache import cache_folder
from inkmeans.datasets._registry import DatasetInfo, RemoteFile, find_dataset
from inkmeans.errors import FileError, InputError, MissingExtraError
from inkmeans.progress import Progress

_TIMEOUT = 30  # seconds without a byte


def fetch(
    name: str,
    *,
    base_url: str | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the folder with a data set's files, after fetching those that are not there or are damaged.

    A file that is there and has the right hash is not asked for again, so a second call sends no request, and a call
    after an interrupted one goes on with the file that was missing.

    Parameters
    ----------
    name : str
        A name from `list_datasets`.
    base_url : str, optional
        A mirror of your own: the address of a folder with the files. Only this one is then tried.
    folder : str or Path, optional
        Where to keep the files; the set's folder in the cache by default.
    progress : callable, optional
        Called as bytes come, and once when a file is good, with what is being done, as "3.2 of 9.9 MB, NAME", and the
        share of the set's bytes that is here.

    Raises
    ------
    InputError
        The name is unknown, the set is installed with inkmeans, or `base_url` is no address.
    MissingExtraError
        pooch is not installed.
    FileError
        No mirror gave a file, or gave it with the right hash, or the folder cannot be written. Nothing bad stays.
    """
    info = find_dataset(name)
    if not info.files:
        raise InputError(f"'{name}' is installed with inkmeans; there is nothing to fetch.")
    try:
        import pooch
    except ImportError as error:
        raise MissingExtraError("Fetching data sets", "data") from error
    place = Path(folder) if folder is not None else cache_folder() / name
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{place} cannot be made ({error.strerror}); give another folder.") from error
    mirrors = (_checked(base_url),) if base_url is not None else info.mirrors
    with _quiet(pooch.get_logger()):
        before = 0
        for file in info.files:
            _fetch_file(pooch, info, file, mirrors, place, _teller(file, before, info.n_bytes, progress))
            before += file.n_bytes
    return place


def _teller(file: RemoteFile, before: int, total: int, progress: Progress | None) -> Callable[[int], None]:
    """Return a function that tells of the bytes of a file that are here; `before` bytes of the set precede it."""

    def tell(n_bytes: int) -> None:
        if progress is not None:
            what = f"{n_bytes / 1e6:.1f} of {file.n_bytes / 1e6:.1f} MB, {file.name}"
            progress(what, (before + n_bytes) / total)

    return tell


def _checked(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"base_url must be an address such as https://host/folder/; got {base_url!r}.")
    return base_url


def _fetch_file(
    pooch: Any,
    info: DatasetInfo,
    file: RemoteFile,
    mirrors: tuple[str, ...],
    place: Path,
    tell: Callable[[int], None],
) -> None:
    failures = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            pooch.retrieve(
                url,
                known_hash=f"sha256:{file.sha256}",
                fname=file.name,
                path=place,
                downloader=pooch.HTTPDownloader(progressbar=_Bar(file, tell), timeout=_TIMEOUT),
            )
        except (OSError, ValueError) as error:  # all of requests' errors are OSErrors; ValueError: the hash
            failures.append(f"{url} {_reason(error)}")
            continue
        tell(file.n_bytes)
        return
    raise FileError(
        f"{info.name} cannot be fetched: {', and '.join(failures)}; try again later, or name another mirror."
    )


def _reason(error: Exception) -> str:
    """Return why a file could not be had, for the sentence that begins with its address."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answers {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return f"sends nothing for {_TIMEOUT} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "broke off in the middle"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "cannot be reached"
    if isinstance(error, requests.RequestException):
        return "cannot be fetched from"
    if isinstance(error, OSError):
        return f"cannot be saved ({error.strerror or error})"
    return "gives a file with a wrong hash, which was thrown away"


class _Bar:
    """The progress bar that pooch asks for: it reports chunks, and resets before it reports the whole."""

    def __init__(self, file: RemoteFile, tell: Callable[[int], None]) -> None:
        self.total = 0
        self._file = file
        self._tell = tell
        self._done = 0

    def update(self, n_bytes: int) -> None:
        self._done = min(self._done + n_bytes, self._file.n_bytes)
        if self._done < self._file.n_bytes:
            self._tell(self._done)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        self._done = 0


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep pooch's own lines off stderr: `progress` is told what is going on."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
