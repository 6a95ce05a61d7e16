"""``inkmeans info``: versions, the native core, threads, extras and readers."""

from __future__ import annotations

import platform
import re
from importlib import metadata
from typing import Any

import click

from inkmeans import __version__
from inkmeans.cli._formats import write_json
from inkmeans.cli._help import Command
from inkmeans.cli._options import json_option
from inkmeans.cli._tables import columns
from inkmeans.errors import FileError, ModelFileError

_EXTRAS = (
    "web",
    "data",
    "plot",
)  # those whose packages are imported somewhere; the others are for developers or to come


@click.command(
    cls=Command,
    examples=(("inkmeans info", "for people"), ("inkmeans info --json", "for programs and bug reports")),
)
@json_option
def info_command(as_json: bool) -> None:
    """Show what is installed and what is in use."""
    facts = _facts()
    if as_json:
        write_json("info", facts)
        return
    rows = [
        ["inkmeans", facts["inkmeans"]],
        ["Python", facts["python"]],
        ["platform", facts["platform"]],
        ["instruction set", _instruction_set(facts)],
        ["threads", f"{facts['threads']} (OMP_NUM_THREADS chooses)"],
        ["compiler", facts["compiler"]],
    ]
    rows += [[f"extra {name}", _extra(name, found)] for name, found in facts["extras"].items()]
    rows += [[f"reader {name}", _reader(found)] for name, found in facts["readers"].items()]
    click.echo(columns(rows))


def _facts() -> dict[str, Any]:
    from inkmeans import _core
    from inkmeans.reader import SHIPPED
    from inkmeans.threads import n_threads

    return {
        "inkmeans": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "isa": _core.isa_in_use(),
        "isa_available": _core.isa_available(),
        "isa_left_out": _core.isa_left_out(),
        "threads": n_threads(),
        "compiler": _core.compiler(),
        "extras": _extras(),
        "readers": {name: _reader_facts(name) for name in SHIPPED},
    }


def _instruction_set(facts: dict[str, Any]) -> str:
    found = f"there are {', '.join(facts['isa_available'])}"
    for isa, kernel in facts["isa_left_out"].items():
        found += f"; {isa} is left out, as its kernel {kernel} disagrees with the scalar one"
    return f"{facts['isa']} ({found}; INKMEANS_ISA chooses)"


def _extras() -> dict[str, dict[str, str | None]]:
    """Return the packages of each extra with their versions; None for one that is not installed."""
    extras: dict[str, dict[str, str | None]] = {}
    for requirement in metadata.requires("inkmeans") or []:
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", requirement)
        package = re.match(r"[\w.-]+", requirement)
        if extra and package and extra[1] in _EXTRAS:
            extras.setdefault(extra[1], {})[package[0]] = _version(package[0])
    return extras


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _reader_facts(name: str) -> dict[str, Any]:
    from inkmeans.reader import load

    try:
        reader = load(name)
    except (FileError, ModelFileError) as error:
        return {"error": str(error)}
    return {
        "names": reader.names_.tolist(),
        "centers": len(reader.centers_.counts),
        "features": reader.features,
        "min_confidence": reader.calibration_.min_confidence,
        "trained_on": reader.trained_on_,
    }


def _extra(name: str, packages: dict[str, str | None]) -> str:
    if None in packages.values():
        return f"not installed; run: pip install 'inkmeans[{name}]'"
    return ", ".join(f"{package} {version}" for package, version in packages.items())


def _reader(facts: dict[str, Any]) -> str:
    if "error" in facts:
        return str(facts["error"])
    text = f"{' '.join(facts['names'])} by {facts['centers']:,} centers of {facts['features']}"
    sources = [_source(source) for source in facts["trained_on"].get("sources", [])]
    return f"{text}; trained on {', '.join(sources)}" if sources else text


def _source(source: dict[str, str]) -> str:
    name = source.get("name", "an unnamed set")
    return f"{name} ({source['licence']})" if "licence" in source else name
