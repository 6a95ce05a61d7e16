"""What the documents show is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow  # the demo and the lesson as they are
@pytest.mark.parametrize("name", ["demo", "lesson"])
def test_what_a_document_shows_is_what_is_printed(name: str) -> None:
    from shown_output import printed, shown

    assert shown(name) == printed(name)


@pytest.mark.slow  # the command as a process of its own
def test_the_readmes_picture_is_what_is_drawn(tmp_path: Path) -> None:
    from shown_output import PICTURE, drawn

    drawn(tmp_path / "reading.png")
    with Image.open(tmp_path / "reading.png") as made, Image.open(PICTURE) as kept:
        assert kept.convert("RGB").tobytes() == made.tobytes(), "run: make shown"


def read_commands() -> list[tuple[str, str]]:
    """Return each `inkmeans read` of the README that shows a text, with that text."""
    shown = []
    for block in re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL):
        for part in block.split("$ ")[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("inkmeans read") and output:
                shown.append((command, output))
    return shown


@pytest.mark.slow  # the command as a process of its own
@pytest.mark.parametrize(("command", "output"), read_commands())
def test_the_readme_reads_what_it_shows(command: str, output: str) -> None:
    program = Path(sys.executable).parent / "inkmeans"
    done = subprocess.run(
        [str(program), *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == output


def test_the_readme_shows_readings() -> None:
    assert len(read_commands()) == 2


@pytest.mark.slow  # it clusters, names and learns
def test_the_readmes_python_prints_what_it_shows() -> None:
    code, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, flags=re.DOTALL).groups()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == output


def test_every_file_that_a_document_links_to_is_there() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:")):
                assert (document.parent / target).exists(), f"{document.name} links to {target}"
