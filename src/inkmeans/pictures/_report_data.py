"""What a report shows: plain frozen records, every part of which may be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import ArrayLike, NDArray

from inkmeans.evaluate import Confusion
from inkmeans.records import Reading

Images = Sequence[ArrayLike] | NDArray[Any]


@dataclass(frozen=True)
class Figure:
    """One number of the summary line.

    Attributes
    ----------
    label : str
        As "accuracy".
    value : str
        As it is to be shown: "97.1 %".
    note : str
        The sentence that explains it, shown as a footnote. Well-known labels (accuracy, clustering accuracy, NMI,
        ARI, inertia, images, clusters, rejected) have one where this is "".
    """

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class ClusterEntry:
    """One cluster: its number, name and center, and its images with the middle one first and the doubtful last.

    Attributes
    ----------
    number : int
    name : str or None
        None or "" where it has no name yet.
    images : list of 2-D arrays, or array of shape (n, height, width)
        Ink bright on 0. A few are enough for the thumbnail; `size` says how many there are.
    sources : sequence of str
        The file that each of `images` comes from; empty where that is not known.
    size : int or None
        The number of images in the cluster; by default `len(images)`.
    doubtful : int
        How many of `images`, counted from the end, are doubtful.
    center : array of shape (height, width), optional
    truths : mapping of str to int
        How many images bear each truth; purity is computed from it. Empty where truths are not known.
    """

    number: int
    name: str | None
    images: Images
    sources: Sequence[str] = ()
    size: int | None = None
    doubtful: int = 0
    center: ArrayLike | None = None
    truths: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of images in the cluster."""
        return len(self.images) if self.size is None else self.size

    @property
    def purity(self) -> float | None:
        """The share of the commonest truth; None where no truth is known."""
        known = sum(self.truths.values())
        return max(self.truths.values()) / known if known else None


@dataclass(frozen=True, eq=False)
class ReadingEntry:
    """A picture and what was read on it; `image` as paper and ink are (not inverted), `source` as its file name."""

    image: ArrayLike
    reading: Reading
    source: str = ""


@dataclass(frozen=True, eq=False)
class MistakeEntry:
    """One image that was read wrong, or rejected ("?"); `image` has ink bright on 0."""

    image: ArrayLike
    read: str
    confidence: float
    truth: str
    source: str = ""


@dataclass(frozen=True, eq=False)
class ReportData:
    """All that a report shows. Only the title is needed; a part that is left out has no section.

    Attributes
    ----------
    title : str
    lead : str
        One or two sentences below the title.
    figures : sequence of Figure
        The summary line.
    clusters : sequence of ClusterEntry
        Those with a center make the picture of the centers; all make a section each.
    readings : sequence of ReadingEntry
    confusion : Confusion or None
    mistakes : sequence of MistakeEntry or None
        None: not measured. Empty: "Nothing was read wrong or rejected."
    made : mapping
        How it was made: k, seed, normalizer, versions; keys and values are shown as text.
    """

    title: str
    lead: str = ""
    figures: Sequence[Figure] = ()
    clusters: Sequence[ClusterEntry] = ()
    readings: Sequence[ReadingEntry] = ()
    confusion: Confusion | None = None
    mistakes: Sequence[MistakeEntry] | None = None
    made: Mapping[str, object] = field(default_factory=dict)
