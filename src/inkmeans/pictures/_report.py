"""The report: one HTML file that stands alone, read on a screen, on a phone, by voice or on paper."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template

from inkmeans.errors import InputError
from inkmeans.pictures import _report_sections as sections
from inkmeans.pictures._html import Footnotes, escape, font_rules, foreign, mark_svg, mark_uri
from inkmeans.pictures._report_data import ReportData


def report(data: ReportData) -> str:
    """Return one HTML document that stands alone: no script, no link to the outside, pictures inside.

    Made for a phone, a desktop, a screen reader and a printer, light and dark. All text in `data` is foreign and is
    escaped. The same data gives the same document. 64 clusters of MNIST with 48 images each take about 1 MB.

    Parameters
    ----------
    data : ReportData

    Raises
    ------
    InputError
        If the title is empty, an array is not a picture, or the confusion's shape does not fit its names.

    Examples
    --------
    >>> report(ReportData("My digits", lead="Read by k-means.")).splitlines()[0]
    '<!doctype html>'
    """
    if not data.title.strip():
        raise InputError("a report needs a title; got an empty one.")
    numbers = [entry.number for entry in data.clusters]
    if len(set(numbers)) < len(numbers):
        raise InputError("each cluster of a report needs a number of its own; two have the same.")
    notes = Footnotes()
    figures = sections.figures(data.figures, notes)  # first: its notes are numbered first
    parts = [
        sections.centers(data.clusters),
        sections.readings(data.readings, notes),
        sections.confusion(data.confusion, notes) if data.confusion is not None else "",
        sections.mistakes(data.mistakes, notes) if data.mistakes is not None else "",
        sections.clusters(data.clusters, notes),
        _made(data.made),
    ]
    body = "\n".join(part for part in parts if part)
    if not body and not figures:
        body = '<p class="empty">There is nothing to show yet: no figures, clusters or readings were given.</p>'
    here = files("inkmeans.pictures")
    return Template((here / "report.html").read_text(encoding="utf-8")).substitute(
        title=escape(data.title),
        icon=mark_uri(),
        mark=mark_svg(),
        fonts=font_rules(),
        style=(here / "report.css").read_text(encoding="utf-8"),
        heading=foreign(data.title),
        lead=f'<p class="lead">{foreign(data.lead)}</p>' if data.lead else "",
        figures=figures,
        sections=body,
        notes=notes.section(),
    )


def _made(made: Mapping[str, object]) -> str:
    if not made:
        return ""
    rows = "\n".join(
        f'<tr><th scope="row">{foreign(key)}</th><td>{foreign(_words(value))}</td></tr>' for key, value in made.items()
    )
    table = f'<div class="wide"><table class="made">\n<tbody>\n{rows}\n</tbody>\n</table></div>'
    return sections.section("made", "How it was made", table)


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(inner) for inner in value)
    return str(value)
