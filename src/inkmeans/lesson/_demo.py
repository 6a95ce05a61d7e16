"""The demo, on data inside the package: cluster, name, train and read, with pictures and a report of it all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import __version__
from inkmeans.datasets import load_digits
from inkmeans.evaluate import confusion_matrix, wilson_interval
from inkmeans.files import write_file
from inkmeans.images import read_image
from inkmeans.names import REJECTED
from inkmeans.naming import Project
from inkmeans.normalize import NORMALIZER
from inkmeans.pictures import (
    Figure,
    MistakeEntry,
    ReadingEntry,
    centers_picture,
    contact_sheet,
    reading_picture,
    report,
)
from inkmeans.reader import Reader, load, read
from inkmeans.records import Reading, whole_percent
from inkmeans.report import report_of

DEMO_PROJECT = "digits.ink"
"""The project that the demo writes; a folder that holds one is an earlier demo's."""

N_CLUSTERS = 64
SEED = 0
EXAMPLES = ("year.png", "numbers.jpg")
_SOURCE = "scikit-learn's digits (UCI, CC BY 4.0)"
_MISTAKES = 60  # at most, in the report


def run_demo(output: Path, say: Callable[[str], object]) -> None:
    """Cluster, name, train and read scikit-learn's digits; write pictures and a report into `output`.

    One half of the digits (drawn by seed) is clustered without truths; each cluster is named by one look at its middle
    image, for which that one image's truth stands in; a reader is trained; the other half is read. `say` is called with
    each line that tells what happens.
    """
    output.mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    order = np.random.default_rng(SEED).permutation(len(digits))
    clustered, held_out = order[: len(digits) // 2], order[len(digits) // 2 :]

    say(f"{len(digits):,} handwritten digits of 8 x 8 pixels from scikit-learn; half of them are clustered.")
    with Project.create(output / DEMO_PROJECT, digits.images[clustered], overwrite=True) as project:
        project.cluster(N_CLUSTERS, random_state=SEED)
        say(f"Clustered {len(clustered)} digits into {N_CLUSTERS} clusters by k-means, without truths.")
        looks = {cluster.number: str(digits.truths[clustered[cluster.members[0]]]) for cluster in project.clusters}
        project.name_many(looks)
        say(f"Named each cluster by one look at its middle image: {N_CLUSTERS} looks for {len(clustered)} images.")
        reader = Reader.from_project(project)
        reader.save(output / "digits.safetensors")

        names = reader.predict(digits.images[held_out], reject=True)
        best = reader.predict(digits.images[held_out])
        truths = digits.truths[held_out]
        right, accepted = int((best == truths).sum()), names != REJECTED
        low, high = wilson_interval(right, len(truths))
        wrong = int((names != truths)[accepted].sum())
        say("")
        say(
            f"Read the other {len(truths)} digits: {100 * right / len(truths):.1f} % right "
            f"({100 * low:.1f} to {100 * high:.1f} % with 95 % confidence)."
        )
        say(f"Told to say '?' when unsure, it answers {100 * accepted.mean():.1f} %, {wrong} of them wrong.")
        say("")
        say("Two pictures, read by the reader that ships (it was trained on these and other writers' digits):")
        readings = _read_examples(output, say)
        _write_pictures(project, output)
        text = report(
            replace(
                report_of(project, truths=digits.truths[clustered]),
                title="inkmeans demo: from images of digits to a reader",
                lead=(
                    f"{len(clustered)} of scikit-learn's handwritten digits were clustered without their truths, "
                    f"{N_CLUSTERS} clusters named by one look each, and the other {len(truths)} digits read."
                ),
                figures=_figures(project, digits.truths[clustered], right, names, truths),
                readings=readings,
                confusion=confusion_matrix(truths, names),
                mistakes=_mistakes(digits.images[held_out], reader, truths),
                made={"k": N_CLUSTERS, "seed": SEED, "normalizer": NORMALIZER, "inkmeans": __version__},
            )
        )
    write_file(output / "report.html", text.encode())
    say("")
    say(f"Look at {output / 'report.html'}, {output / 'centers.png'} and {output / 'clusters'}.")
    say("Now draw digits of your own:  inkmeans serve")


def _read_examples(output: Path, say: Callable[[str], object]) -> list[ReadingEntry]:
    """Read the pictures that ship with the reader that ships."""
    reader = load("digits")
    entries = []
    for name in EXAMPLES:
        data = (files("inkmeans") / "examples" / name).read_bytes()
        reading = read(data, reader=reader)
        say(f"  {name}: {_one_line(reading)}")
        picture = read_image(data)
        reading_picture(picture, reading, source=name).save(output / f"read-{Path(name).stem}.png")
        entries.append(ReadingEntry(picture, reading, name))
    return entries


def _one_line(reading: Reading) -> str:
    text = " | ".join(reading.text.splitlines())
    likeliest = f', with the likeliest digit for each "{REJECTED}"' if REJECTED in reading.text else ""
    return f"{text}   ({whole_percent(reading.confidence)} % sure that all of it is right{likeliest})"


def _write_pictures(project: Project, output: Path) -> None:
    clusters, centers = project.clusters, project.centers
    assert centers is not None
    n_images = sum(cluster.size for cluster in clusters)
    centers_picture(
        centers,
        names=[cluster.name for cluster in clusters],
        counts=[cluster.size for cluster in clusters],
        doubtful=[cluster.doubtful for cluster in clusters],
        title=f"{len(clusters)} clusters of {n_images} handwritten digits",
        source=_SOURCE,
    ).save(output / "centers.png")
    folder = output / "clusters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for cluster in clusters:
        title = f"Cluster {cluster.number}, named {cluster.name}"
        images = project.glyphs[cluster.members]
        sheet = contact_sheet(images, title=title, doubtful=cluster.doubtful, source=_SOURCE)
        sheet.save(folder / f"cluster-{cluster.number:02d}.png")


def _figures(
    project: Project, clustered_truths: NDArray[np.str_], right: int, names: NDArray[np.str_], truths: NDArray[np.str_]
) -> list[Figure]:
    labels = project.labels
    assert labels is not None
    rejected = names == REJECTED
    return [
        Figure(
            "accuracy",
            f"{100 * right / len(truths):.1f} %",
            "The share of the held-out digits whose likeliest name is right.",
        ),
        Figure("rejected", f"{100 * rejected.mean():.1f} %"),
        Figure(
            "wrong among accepted",
            f"{100 * (names != truths)[~rejected].mean():.2f} %",
            "The share of errors among the held-out digits that were not rejected.",
        ),
        Figure(
            "named right",
            f"{100 * np.mean(np.array([str(name) for name in project.names]) == clustered_truths):.1f} %",
            "The share of the clustered digits whose cluster has their true name.",
        ),
        Figure("clusters", str(N_CLUSTERS)),
    ]


def _mistakes(images: NDArray[Any], reader: Reader, truths: NDArray[np.str_]) -> list[MistakeEntry]:
    readings = reader.read_glyphs(images, reject=True)
    wrong = [i for i, reading in enumerate(readings) if reading.text != truths[i]]
    wrong.sort(key=lambda i: -readings[i].confidence)
    return [
        MistakeEntry(images[i], readings[i].text, readings[i].confidence, str(truths[i])) for i in wrong[:_MISTAKES]
    ]
