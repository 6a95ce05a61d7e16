"""``inkmeans report``: one HTML page, never over something that is there."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans import Project

pytestmark = pytest.mark.usefixtures("few_patches")


def test_a_named_project_becomes_a_page(invoke, named: Path) -> None:
    done = invoke("report", named, "-o", "report.html")
    page = Path("report.html").read_text(encoding="utf-8")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"report.html: {len(page.encode()):,} bytes, self-contained\n"
    assert page.startswith("<!doctype html>")
    assert "<title>logs.ink</title>" in page
    for words in (
        "clustering accuracy",
        "named right",
        "NMI",
        "purity",
        "seed",
        "normalizer",
        "24 clusters",
    ):
        assert words in page, words
    assert page.count('id="cluster-') == 24


def test_a_project_without_truths_or_names_has_a_page_too(invoke, scans: list[np.ndarray]) -> None:
    with Project.create("a.ink", scans[:50]) as project:
        project.cluster(4)
    assert invoke("report", "a.ink", "-o", "r.html", "--title", "Logs <1899>").exit_code == 0
    page = Path("r.html").read_text(encoding="utf-8")
    assert "Logs &lt;1899&gt;" in page
    assert "accuracy" not in page.partition("</style>")[2]


def test_what_cannot_be_is_told(invoke, named: Path, scans: list[np.ndarray]) -> None:
    Path("there.html").write_text("mine")
    done = invoke("report", named, "-o", "there.html")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: there.html already exists; choose another name, or replace it with --force.\n",
    )
    assert Path("there.html").read_text() == "mine"
    done = invoke("report", named)
    assert (done.exit_code, done.stderr) == (
        2,
        "Error: Missing option '-o' / '--output': the page to write, such as -o report.html\nHelp: inkmeans report --help\n",
    )
    done = invoke("report", named, "-o", named, "--force")
    assert done.stderr == f"Error: {named} is an input, which is not written over; choose another name.\n"
    Project.create("a.ink", scans[:5]).close()
    done = invoke("report", "a.ink", "-o", "r.html")
    assert done.stderr == "Error: a.ink has no clusters yet to report on; run: inkmeans cluster a.ink\n"
    assert not Path("r.html").exists()
    assert invoke("report", named, "-o", "there.html", "--force").exit_code == 0
