"""The sets of glyphs that k-means can be watched on: what each is, and its images."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.datasets import list_datasets, load_digits, load_mnist
from inkmeans.errors import InputError
from inkmeans.images import Drawing, rasterize
from inkmeans.lesson._pad import PAD_INK, pad_numbers
from inkmeans.lesson._plane import Plane, draw_rows, fit_plane
from inkmeans.naming import Project
from inkmeans.normalize import normalize

N_MARKS = 2000
"""So many glyphs of a set are shown at most; all of them are clustered."""
MAX_GLYPHS = 250_000
"""A larger set is refused."""

Kind = Literal["builtin", "fetched", "project", "drawings", "class"]
Pixels = Literal["raw", "normalized"]
Images = NDArray[np.uint8]
"""uint8 of shape (n_glyphs, height, width), ink bright on 0."""


@dataclass(frozen=True, eq=False)
class Originals:
    """Images as they were given, with how `normalize` is to see ink in them, and where they come from."""

    images: NDArray[Any] | Sequence[NDArray[Any]]
    ink: str
    ink_max: float | None
    sources: list[str]


@dataclass(frozen=True, eq=False)
class LearnSet:
    """What a set is.

    Attributes
    ----------
    set : str
        Its name in addresses.
    title : str
    kind : {"builtin", "fetched", "project", "drawings", "class"}
    n_glyphs : int
    pixels : tuple of "raw" and "normalized"
        "raw": the images as the set has them. "normalized": its normalized glyphs.
    has_truths : bool
    load : callable
        Returns the images of one of `pixels`, and the value of full ink.
    truths : callable
        Returns what each glyph shows, "" where that is not known.
    originals : callable
        Returns the images as a project keeps them; their normalized glyphs are those of the set.
    version : str
        Changes when the images may have.
    """

    set: str
    title: str
    kind: Kind
    n_glyphs: int
    pixels: tuple[Pixels, ...]
    has_truths: bool
    load: Callable[[Pixels], tuple[Images, int]] = field(repr=False)
    truths: Callable[[], NDArray[np.str_]] = field(repr=False)
    originals: Callable[[], Originals] = field(repr=False)
    version: str = ""


@dataclass(frozen=True, eq=False)
class LearnGlyphs:
    """The images of a set, and those that are shown as marks in the plane.

    Attributes
    ----------
    images : uint8 of shape (n_glyphs, height, width)
    ink_max : int
        The value of full ink.
    marks : int32 of shape (n_marks,)
        The glyphs that are shown: all, or 2,000 of them, always the same ones.
    plane : Plane
    positions : float32 of shape (n_marks, 2)
        Where the marks lie in the plane.
    """

    images: Images
    ink_max: int
    marks: NDArray[np.int32]
    plane: Plane
    positions: NDArray[np.float32]

    @property
    def rows(self) -> NDArray[np.uint8]:
        """What k-means clusters: uint8 of shape (n_glyphs, height * width)."""
        return self.images.reshape(len(self.images), -1)


def load_glyphs(learn_set: LearnSet, pixels: Pixels) -> LearnGlyphs:
    """Return the images of a set with their marks and plane.

    Raises
    ------
    InputError
        The set has no such pixels.
    """
    if pixels not in learn_set.pixels:
        only = " or ".join(f"'{known}'" for known in learn_set.pixels)
        raise InputError(f"pixels must be {only} for the set '{learn_set.title}'; got '{pixels}'.")
    images, ink_max = learn_set.load(pixels)
    rows = images.reshape(len(images), -1)
    plane = fit_plane(rows)
    marks = marks_of(len(rows))
    return LearnGlyphs(images, ink_max, marks, plane, plane.project(rows[marks]))


def marks_of(n_glyphs: int) -> NDArray[np.int32]:
    """Return the glyphs that are shown of so many."""
    return draw_rows(n_glyphs, N_MARKS)


def digits_set() -> LearnSet:
    """Return scikit-learn's 1,797 digits: raw 8 x 8 with ink 0 to 16, or normalized."""

    def load(pixels: Pixels) -> tuple[Images, int]:
        images = load_digits().images.astype(np.uint8)
        return (images, 16) if pixels == "raw" else (normalize(images).glyphs, 255)

    return LearnSet(
        "digits",
        "scikit-learn's digits",
        "builtin",
        1797,
        ("raw", "normalized"),
        True,
        load,
        lambda: load_digits().truths,
        lambda: Originals(load_digits().images.astype(np.uint8), "auto", None, _numbered("digits", 1797)),
    )


def fetched_sets() -> list[LearnSet]:
    """Return the data sets that were fetched."""
    is_here = {info.name: info.is_here for info in list_datasets()}
    return [_mnist_set()] if is_here["mnist"] else []


def _mnist_set() -> LearnSet:
    def images() -> Images:
        return np.concatenate([load_mnist(part=part).images for part in ("train", "test")])

    def load(pixels: Pixels) -> tuple[Images, int]:
        return images() if pixels == "raw" else normalize(images(), ink="bright", ink_max=255).glyphs, 255

    def truths() -> NDArray[np.str_]:
        return np.concatenate([load_mnist(part=part).truths for part in ("train", "test")])

    def originals() -> Originals:
        given = images()
        return Originals(given, "bright", 255.0, _numbered("mnist", len(given)))

    return LearnSet("mnist", "MNIST", "fetched", 70_000, ("raw", "normalized"), True, load, truths, originals)


def project_name(path: Path) -> str:
    """Return the name in addresses of a project file's set: its place decides, not what is in it."""
    return f"project-{_hash(str(path.resolve()).encode('utf-8', 'surrogateescape'))}"


def project_set(path: Path) -> LearnSet:
    """Return the normalized glyphs of a project file; images that show no glyph are left out.

    Raises
    ------
    FileError, ProjectError
        The file cannot be used.
    InputError
        It holds no glyph, or too many.
    """
    glyphs, truths, made_at = _read_project(path)  # not kept: `load` reads them again
    n_glyphs = len(glyphs)
    if not 1 <= n_glyphs <= MAX_GLYPHS:
        raise InputError(f"{path} must hold 1 to {MAX_GLYPHS:,} readable glyphs to be watched; it has {n_glyphs:,}.")
    return LearnSet(
        project_name(path),
        as_text(path.stem),
        "project",
        n_glyphs,
        ("normalized",),
        bool((truths != "").any()),
        lambda _: (_read_project(path)[0], 255),
        lambda: _read_project(path)[1],
        lambda: _project_originals(path),
        f"{made_at} {n_glyphs}",
    )


def _read_project(path: Path) -> tuple[Images, NDArray[np.str_], str]:
    """Return the readable glyphs, their truths, and when the project was made: its glyphs never change."""
    with Project.open(path, read_only=True) as project:
        readable = np.flatnonzero([verdict == "glyph" for verdict in project.verdicts])
        known = project.truths
        truths = ["" if known is None else as_text(known[i] or "") for i in readable]
        return project.glyphs[readable], np.array(truths, dtype=np.str_), str(project.settings["created_at"])


def _project_originals(path: Path) -> Originals:
    with Project.open(path, read_only=True) as project:
        readable = [i for i, verdict in enumerate(project.verdicts) if verdict == "glyph"]
        settings, sources = project.settings, project.sources
        given = project.images
        return Originals(
            [given[i] for i in readable],
            str(settings["ink"]),
            settings["ink_max"],
            [f"{path.name}[{i}]" if sources is None else sources[i] for i in readable],
        )


def drawings_set(title: str, drawings: Sequence[Drawing]) -> LearnSet:
    """Return a person's own drawings; those that show no glyph are left out. Their hash is in the name.

    Raw, they are as the lesson's pad gives them, 8 x 8, with 255 for its full ink.

    Raises
    ------
    InputError
        None of them shows a glyph.
    """
    found = normalize([rasterize(drawing) for drawing in drawings], ink="bright", ink_max=255.0)
    readable = np.flatnonzero(found.readable)
    if not len(readable):
        raise InputError("None of the drawings shows a character; draw some larger, with more ink.")
    glyphs = found.glyphs[readable]
    pads = np.stack([pad_numbers(drawings[int(i)]) for i in readable]) / PAD_INK
    raw = np.rint(255 * pads).astype(np.uint8)
    readable_ones = [drawings[int(i)] for i in readable]
    return drawn_set(
        title,
        glyphs,
        raw,
        [drawing.truth or "" for drawing in readable_ones],
        lambda: Originals(
            [rasterize(drawing) for drawing in readable_ones], "bright", 255.0, _numbered("drawings", len(glyphs))
        ),
    )


def drawn_set(
    title: str,
    glyphs: Images,
    raw: Images,
    known: Sequence[str],
    originals: Callable[[], Originals],
    kind: Literal["drawings", "class"] = "drawings",
) -> LearnSet:
    """Return drawings that were prepared already: normalized, (n, 28, 28), and as the pad gives them, (n, 8, 8).

    `known` says what each shows, "" where that is not known. Their kind and their hash are the set's name.
    """
    truths = np.array(known, dtype=np.str_)
    content = "\0".join([title, *truths.tolist()]).encode("utf-8", "surrogatepass")
    return LearnSet(
        f"{kind}-{_hash(content + glyphs.tobytes() + raw.tobytes())}",
        title,
        kind,
        len(glyphs),
        ("raw", "normalized"),
        bool((truths != "").any()),
        lambda pixels: (raw if pixels == "raw" else glyphs, 255),
        lambda: truths,
        originals,
    )


def _numbered(what: str, n: int) -> list[str]:
    return [f"{what}[{i}]" for i in range(n)]


def as_text(text: str) -> str:
    r"""Return a text that JSON can carry: half a surrogate pair, as in a file name that is not UTF-8, is written out.

    Examples
    --------
    >>> as_text("caf\udce9")
    'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def n_bytes(glyphs: LearnGlyphs) -> int:
    """Return the bytes that a set's images take in memory."""
    parts: list[NDArray[Any]] = [glyphs.images, glyphs.marks, glyphs.positions]
    return sum(part.nbytes for part in parts)
