"""The sections of the report, each from its records to HTML."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.evaluate import Confusion
from inkmeans.names import REJECTED
from inkmeans.pictures._centers import has_many_doubtful
from inkmeans.pictures._html import Footnotes, escape, foreign, img
from inkmeans.pictures._labels import percent, words_in_doubt
from inkmeans.pictures._reading import marked_photo
from inkmeans.pictures._report_data import ClusterEntry, Figure, MistakeEntry, ReadingEntry
from inkmeans.pictures._sheet import thumbnail
from inkmeans.pictures._text import count_of
from inkmeans.pictures._tiles import as_image, draw_ink, fit, ink_levels
from inkmeans.records import Reading

_MOST_MISTAKES = 64
_LARGEST = 112  # pixels of a center's or a mistake's longer side; the page enlarges smaller ones crisply
_SHADES = 9
_MISTAKES = "What was read wrong or rejected"
_LONG_NAME = 5  # characters; longer names are set smaller

_EXPLAINED = {
    "images": "The number of images that were used.",
    "clusters": "The number of groups (k) that k-means was asked for.",
    "accuracy": "The share of images, none of them used in training, whose name was read right.",
    "clustering accuracy": "The share of images that are right when each truth is given to one cluster, in the way "
    "that makes this share largest (Hungarian matching).",
    "nmi": "Normalized mutual information: how much the clusters tell about the truths, from 0 (nothing) to 1 (all).",
    "ari": "Adjusted Rand index: how well pairs of images are kept together or apart, 0 by chance and 1 at best.",
    "inertia": "The sum of the squared distances from all images to their centers; k-means makes it small.",
    "rejected": 'The share of images that were answered "?" because the reader was too unsure.',
}
_CONFIDENCE = "Confidence is the probability that the reader gives to its own answer, rounded down."
_PURITY = "Purity is the share of a cluster's images, as far as their truth is known, that bear its commonest truth."
_DOUBTFUL = (
    "Doubtful images lie unusually far from their center: farther than three quarters of their cluster, by more than "
    "1.5 times the interquartile range of its distances."
)
_RECALL = "The share of all images of this truth that were read as it."


def section(key: str, heading: str, body: str, about: str = "") -> str:
    """Return a section with its heading and, where given, a line about it (HTML)."""
    about = f'<p class="about">{about}</p>\n' if about else ""
    return f'<section aria-labelledby="h-{key}">\n<h2 id="h-{key}">{heading}</h2>\n{about}{body}\n</section>'


def figures(entries: Sequence[Figure], notes: Footnotes) -> str:
    """Return the summary line."""
    if not entries:
        return ""
    items = []
    for entry in entries:
        note = entry.note or _EXPLAINED.get(entry.label.strip().lower(), "")
        items.append(f"<div><dt>{foreign(entry.label)}{notes.refer(note)}</dt><dd>{foreign(entry.value)}</dd></div>")
    return '<dl class="figures">\n' + "\n".join(items) + "\n</dl>"


def centers(entries: Sequence[ClusterEntry]) -> str:
    """Return the picture of the centers, each leading to its cluster; "" if no cluster has a center."""
    arrays = {
        entry.number: as_image(entry.center, f"the center of cluster {entry.number}")
        for entry in entries
        if entry.center is not None
    }
    if not arrays:
        return ""
    levels = _on_one_scale(arrays)
    items = []
    for entry in entries:
        if entry.number in levels:
            alt = f"Center of cluster {entry.number}, {_named(entry)}"
            items.append(
                f'<li><a href="#cluster-{entry.number}">{_tile(levels[entry.number], alt, _dot(entry))}{_name(entry)}'
                f'<span class="small">cluster {entry.number}</span></a></li>'
            )
    few = " few" if len(items) <= 10 else ""
    about = (
        "Each picture is the mean of all images of its cluster; what they share is dark; where they differ, it fades."
    )
    if any(_dot(entry) for entry in entries if entry.number in levels):
        about += " A highlighted corner: many of the images (3 % or more) are doubtful."
    return section("centers", "The centers", f'<ol class="centers{few}">\n' + "\n".join(items) + "\n</ol>", about)


def clusters(entries: Sequence[ClusterEntry], notes: Footnotes) -> str:
    """Return one section for each cluster, with its contact sheet."""
    if not entries:
        return ""
    about = "The image nearest to the center comes first, ringed."
    if any(entry.doubtful for entry in entries):
        about += f" The doubtful{notes.refer(_DOUBTFUL)} ones come last, highlighted."
    if any(entry.purity is not None for entry in entries):
        about += f" Purity{notes.refer(_PURITY)} says how well a cluster keeps to one truth."
    cards = "\n".join(_cluster(entry) for entry in entries)
    return section("clusters", "The clusters", f'<div class="cards">\n{cards}\n</div>', about)


def _cluster(entry: ClusterEntry) -> str:
    facts = [count_of(entry.count, "image")]
    if entry.purity is not None:
        facts.append(f"purity {100 * entry.purity:.1f} %")
    sheet = '<p class="empty">This cluster holds no image.</p>'
    if len(entry.images):
        picture, shown = thumbnail(entry.images, doubtful=entry.doubtful)
        part = "All images"
        if len(shown) < entry.count:
            facts.append(f"{len(shown):,} shown")
            part = f"{len(shown):,} of the {count_of(entry.count, 'image')}"
        sheet = img(picture, f"{part} of cluster {entry.number}, {_named(entry)}", "sheet") + _files(entry, shown)
    if entry.doubtful:
        facts.append(f"<mark>{entry.doubtful:,} doubtful</mark>")
    others = sorted(((count, truth) for truth, count in entry.truths.items() if count), key=lambda pair: -pair[0])
    listed = ", ".join(f"{foreign(truth)}&nbsp;({count:,})" for count, truth in others[:8])
    if len(others) > 8:
        listed += f" and {len(others) - 8} more"
    truths = f'<p class="small">truths: {listed}</p>' if listed else ""
    key = f"cluster-{entry.number}"
    return (
        f'<article class="card" id="{key}" aria-labelledby="h-{key}">\n'
        f'<h3 id="h-{key}">{_name(entry)} <span class="small">cluster {entry.number}</span></h3>\n'
        f'<p class="facts">{" · ".join(facts)}</p>\n{sheet}\n{truths}</article>'
    )


def _files(entry: ClusterEntry, shown: Sequence[int]) -> str:
    """Return the files of the images that a cluster's sheet shows, in its order, and again those of the doubtful."""
    if not entry.sources:
        return ""
    if len(entry.sources) != len(entry.images):
        raise InputError(
            f"the sources of cluster {entry.number} must be as many as its images, {len(entry.images)}; "
            f"got {len(entry.sources)}."
        )
    first_doubtful = len(entry.images) - entry.doubtful
    doubtful = ", ".join(foreign(entry.sources[i]) for i in shown if i >= first_doubtful)
    told = f'\n<p class="small files">doubtful: {doubtful}</p>' if doubtful else ""
    items = "\n".join(f"<li>{foreign(entry.sources[i])}</li>" for i in shown)
    return (
        f'{told}\n<details class="small files"><summary>files, in the order of the images</summary>\n'
        f"<ol>\n{items}\n</ol>\n</details>"
    )


def readings(entries: Sequence[ReadingEntry], notes: Footnotes) -> str:
    """Return the pictures that were read, with the boxes drawn on them."""
    if not entries:
        return ""
    items = []
    for entry in entries:
        picture = marked_photo(entry.image, entry.reading, longest=1200)
        text = " / ".join(entry.reading.text.splitlines()) or "nothing"
        source = f'<span class="small">{foreign(entry.source)}</span>' if entry.source else ""
        items.append(
            f"<figure>{img(picture, f'The picture with a box round each glyph; read: {text}', 'photo', ink=False)}"
            f"<figcaption>read <strong>{_in_doubt(entry.reading)}</strong> "
            f"({percent(entry.reading.confidence)}) {source}</figcaption></figure>"
        )
    about = (
        f"In brackets: the confidence{notes.refer(_CONFIDENCE)} that the whole text is right, with the likeliest name "
        f'in place of each "{REJECTED}". What is less than 95 % sure is highlighted, with its second name beside it; '
        "a dashed box is rejected."
    )
    return section("readings", "What was read", '<div class="photos">\n' + "\n".join(items) + "\n</div>", about)


def mistakes(entries: Sequence[MistakeEntry], notes: Footnotes) -> str:
    """Return the images that were read wrong or rejected, small."""
    if not entries:
        return section("mistakes", _MISTAKES, '<p class="empty">Nothing was read wrong or rejected.</p>')
    items = []
    for number, entry in enumerate(entries[:_MOST_MISTAKES]):
        levels = ink_levels(as_image(entry.image, f"the image of mistake {number}"))
        sure = f"({percent(entry.confidence)})"
        rejected = entry.read in ("", REJECTED)
        said = "<mark>rejected</mark>" if rejected else f"read <strong>{foreign(entry.read)}</strong>"
        alt = f"Image that was {'rejected' if rejected else f'read {entry.read}'} and is {entry.truth}"
        source = f'<span class="small">{foreign(entry.source)}</span>' if entry.source else ""
        items.append(
            f"<li><figure>{_tile(levels, alt)}<figcaption>{said} {sure}, "
            f"is <strong>{foreign(entry.truth)}</strong>{source}</figcaption></figure></li>"
        )
    more = len(entries) - len(items)
    rest = f'\n<p class="more">and {more:,} more</p>' if more else ""
    n_rejected = sum(entry.read in ("", REJECTED) for entry in entries)
    about = (
        f"{len(entries) - n_rejected:,} read wrong, {n_rejected:,} rejected. What it was read as, in brackets the "
        f"confidence{notes.refer(_CONFIDENCE)}, and what it is."
    )
    return section("mistakes", _MISTAKES, '<ol class="mistakes">\n' + "\n".join(items) + f"\n</ol>{rest}", about)


def confusion(table: Confusion, notes: Footnotes) -> str:
    """Return the confusion table: rows are truths, columns are what was read."""
    names, n = table.names, len(table.names)
    if table.counts.shape != (n, n) or table.rejected.shape != (n,) or table.counts.dtype.kind not in "ui":
        raise InputError(
            f"the confusion's counts must be integers of shape {(n, n)}, a row and a column for each name, and its "
            f"rejected of shape {(n,)}; got {table.counts.dtype} of shapes {table.counts.shape} and "
            f"{table.rejected.shape}."
        )
    if not n:
        return section("confusion", "What was taken for what", '<p class="empty">There were no truths to compare.</p>')
    counts = np.column_stack([table.counts, table.rejected])
    right = np.eye(n, n + 1, dtype=bool)
    worst = int(np.where(right, 0, counts).max())
    totals = counts.sum(axis=1)
    head = "".join(f'<th scope="col">{each}</th>' for each in (*map(foreign, names), "rejected"))
    rows = []
    for i, truth in enumerate(names):
        most = int(totals[i])
        kinds = ["right" if j == i else "rejected" if j == n else "wrong" for j in range(n + 1)]
        cells = "".join(
            _cell(int(count), kind, most if kind == "right" else worst)
            for count, kind in zip(counts[i], kinds, strict=True)
        )
        share = f"{100 * int(counts[i][right[i]].sum()) / most:.1f} %" if most else "none"
        rows.append(f'<tr><th scope="row">{foreign(truth)}</th>{cells}<td class="share">{share}</td></tr>')
    body = (
        '<div class="wide" role="group" aria-label="Confusion table" tabindex="0">\n<table class="confusion">\n'
        "<caption>Rows: what it is. Columns: what it was read as.</caption>\n"
        f'<thead><tr><th scope="col">is \\ read</th>{head}'
        f'<th scope="col">right{notes.refer(_RECALL)}</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>\n</div>"
    )
    about = (
        "Rows say what it is, columns what it was read as. Blue and bold is right, gray is wrong, highlighted is "
        "rejected; the stronger, the more often."
    )
    return section("confusion", "What was taken for what", body, about)


def _cell(count: int, kind: str, most: int) -> str:
    if not count:
        return '<td class="zero">0</td>'
    return f'<td class="{kind} h{ceil(_SHADES * count / most)}">{count:,}</td>'


def _has_name(entry: ClusterEntry) -> bool:
    return entry.name is not None and entry.name.strip() != ""


def _name(entry: ClusterEntry) -> str:
    if entry.name is not None and _has_name(entry):
        long = " long" if len(entry.name) > _LONG_NAME else ""
        return f'<span class="name{long}">{foreign(entry.name)}</span>'
    return '<span class="name none">unnamed</span>'


def _named(entry: ClusterEntry) -> str:
    return f"named {entry.name}" if _has_name(entry) else "unnamed"


def _tile(levels: NDArray[np.uint8], alt: str, sign: str = "") -> str:
    picture = draw_ink(levels)
    if max(picture.size) > _LARGEST:
        picture = fit(picture, _LARGEST, _LARGEST)
    return f'<span class="tile">{img(picture, alt, "ink")}{sign}</span>'


def _dot(entry: ClusterEntry) -> str:
    """Return the sign of a cluster with many doubtful images; "" for another."""
    if not has_many_doubtful(entry.doubtful, entry.count):
        return ""
    return f'<span class="dot"><span class="unseen">{entry.doubtful:,} doubtful</span></span>'


def _in_doubt(reading: Reading) -> str:
    """Return the text of a reading with what is in doubt highlighted."""
    pieces = words_in_doubt(reading.text, reading.glyphs) or [("nothing", False)]
    return f"<bdi>{''.join(f'<mark>{escape(text)}</mark>' if odd else escape(text) for text, odd in pieces)}</bdi>"


def _on_one_scale(arrays: dict[int, NDArray[Any]]) -> dict[int, NDArray[np.uint8]]:
    """Return the ink levels of all centers on one scale, so that a faint center looks faint."""
    if len({array.shape for array in arrays.values()}) > 1:
        return {number: ink_levels(array) for number, array in arrays.items()}
    return dict(zip(arrays, ink_levels(np.stack(list(arrays.values()))), strict=True))
