"""``inkmeans evaluate``: how well a reader reads images with truths, or how well a project clusters and names them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from inkmeans.cli._formats import problems_as_json, write_json
from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_input
from inkmeans.cli._messages import percent, tell_problems
from inkmeans.cli._options import ink_option, json_option, truths_option
from inkmeans.cli._projects import is_project
from inkmeans.cli._status import Status
from inkmeans.cli._tables import columns, confusion_table
from inkmeans.errors import InputError
from inkmeans.names import REJECTED

if TYPE_CHECKING:
    from inkmeans.images import ImageSet
    from inkmeans.records import GlyphReading


@click.command(
    cls=Command,
    examples=(
        ("inkmeans evaluate logs.safetensors held-out/", "a folder with a folder for each truth"),
        ("inkmeans evaluate digits mnist.npz#test", "the reader that ships, on arrays"),
        ("inkmeans evaluate digits t10k-images.gz --truths t10k-labels.gz", "truths from another file"),
        ("inkmeans evaluate logs.ink", "the clusters and names of a project"),
    ),
)
@click.argument("what", metavar="MODEL INPUT | PROJECT", nargs=-1, required=True)
@truths_option()
@ink_option
@json_option
def evaluate_command(what: tuple[str, ...], truths: str | None, ink: str, as_json: bool) -> Status:
    """Measure how well a reader reads, or a project clusters.

    MODEL is a model file or 'digits'; INPUT is images of one glyph each with their truths, as for 'train', which the
    reader must not have been trained on. Printed are the shares that were read right, wrong and rejected, with the 95 %
    interval, and what was read for what.

    PROJECT is a project whose images have truths. Printed are clustering accuracy (each truth given to one cluster),
    purity, normalized mutual information, the adjusted Rand index, and what naming each cluster by its middle image
    gives; also how many images have the right name, once clusters have names.
    """
    if len(what) == 1 and is_project(what[0]):
        if truths is not None:
            raise click.UsageError("A project brings its own truths; leave --truths out.")
        _evaluate_project(what[0], as_json)
        return Status.DONE
    if len(what) != 2:
        raise click.UsageError("Give a MODEL and an INPUT, or one PROJECT.")
    model, name = what
    from inkmeans.reader import load

    reader = load(model)
    found = read_input(name, truths)
    tell_problems(found.problems)
    if found.truths is None:
        reason = found.no_truths.rstrip(".")
        raise InputError(f"Evaluation needs the truth of each image, but {reason}; give a file of them with --truths.")
    known = set(reader.names_.tolist())
    if not known.intersection(found.truths):
        raise InputError(
            f"None of the truths of {name} is a name that {model} reads ({', '.join(sorted(known)[:12])}); evaluation "
            "takes images of one glyph each."
        )
    _evaluate_reader(reader.read_glyphs(found.images, ink=ink), found, model, name, as_json)
    return Status.UNREADABLE if found.problems else Status.DONE


def _evaluate_reader(readings: list[GlyphReading], found: ImageSet, model: str, name: str, as_json: bool) -> None:
    from inkmeans.evaluate import reading_scores

    scores = reading_scores(found.truths or [], readings)
    read, likeliest = scores.read, scores.likeliest
    if as_json:
        document = {
            "of": "reader",
            "model": model,
            "input": name,
            **read.to_json(),
            "interval": list(read.interval),
            "likeliest": {"accuracy": likeliest.accuracy, "interval": list(likeliest.interval)},
            "problems": problems_as_json(found.problems),
        }
        write_json("evaluation", document)
        return
    n = read.total
    rows = [
        ["right", percent(read.accuracy), _counted(read.accuracy, n, read.interval)],
        ["wrong", percent(read.error_rate), _counted(read.error_rate, n)],
        ["rejected", percent(read.rejected_rate), _counted(read.rejected_rate, n)],
        [
            "right if none is rejected",
            percent(likeliest.accuracy),
            _counted(likeliest.accuracy, n, likeliest.interval),
        ],
    ]
    click.echo(f"{columns(rows)}\n\n{confusion_table(read)}")


def _counted(share: float, n: int, interval: tuple[float, float] | None = None) -> str:
    text = f"{round(share * n):,} of {n:,}"
    if interval is None:
        return text
    low, high = interval
    return f"{text}; 95 % interval {100 * low:.1f} to {percent(high)}"


def _evaluate_project(path: str, as_json: bool) -> None:
    from inkmeans import evaluate
    from inkmeans.naming import Project

    with Project.open(path) as project:
        truths, labels = project.truths, project.labels
        if labels is None:
            raise InputError(f"{path} has no clusters yet; run: inkmeans cluster {path}")
        if truths is None:
            raise InputError(
                f"{path} does not know the truth of each image; make it from a folder with one folder for each truth, "
                "or with --truths."
            )
        clusters = project.clusters
        middles = [int(cluster.members[0]) if cluster.size else -1 for cluster in clusters]
        scores = evaluate.clustering_scores(truths, labels, middles)
        named = None
        if any(cluster.name is not None for cluster in clusters):
            named = evaluate.confusion_matrix(truths, [name or REJECTED for name in project.names])
    if as_json:
        document = {
            "of": "project",
            "project": path,
            "images": len(truths),
            "clusters": len(clusters),
            **asdict(scores),
            "names": None if named is None else named.to_json(),
        }
        write_json("evaluation", document)
        return
    rows = [
        ["images, clusters", f"{len(truths):,}, {len(clusters):,}"],
        ["clustering accuracy", percent(scores.clustering_accuracy)],
        ["purity", percent(scores.purity)],
        ["normalized mutual information", f"{scores.normalized_mutual_info:.3f}"],
        ["adjusted Rand index", f"{scores.adjusted_rand:.3f}"],
        ["right if named by the middle image", percent(scores.named_by_middle)],
    ]
    if named is not None:
        rows.append(["right by the names given", percent(named.accuracy)])
        rows.append(["without a name", percent(named.rejected_rate)])
    click.echo(columns(rows))
    if named is not None:
        click.echo(f"\n{confusion_table(named)}")
