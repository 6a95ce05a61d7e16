"""Write the lab's two notebooks, docs/class/lab.ipynb and solutions.ipynb, from their one source, notebook.py.

And the sheet, lab.html, from lab.md: browsers print it on paper.

python tools/notebooks.py

The source is a Python program in cells. A line ``# %%`` begins a cell of code, ``# %% [markdown]`` one of text, whose
lines are comments. Words after it:

- ``task``: a cell that learners fill in. From ``# solution`` to ``# blank`` stands what the solutions have, from there
  to ``# end`` what the learners get, each line behind ``# | ``.
- ``check``: the check of a task.
- ``solution``: a cell that only the solutions have.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parents[1] / "docs" / "class"
SOURCE = FOLDER / "notebook.py"
TITLES = {"lab": "# Handwriting and k-means: the lab", "solutions": "# Handwriting and k-means: the solutions"}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Cell:
    """One cell of the source.

    Attributes
    ----------
    kind : str
        "markdown", "code", "task", "check" or "solution" (text that only the solutions have).
    lines : tuple of str
    """

    kind: str
    lines: tuple[str, ...]


def read_cells(text: str) -> list[Cell]:
    """Return the cells of the source; what stands before the first is not part of them."""
    cells = []
    for part in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        head, *lines = part.rstrip("\n").split("\n")
        words = head.split()
        is_text = "[markdown]" in words
        if is_text:
            lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
        kind = next((word for word in words if word != "[markdown]"), "markdown" if is_text else "code")
        cells.append(Cell(kind, tuple("\n".join(lines).strip("\n").split("\n"))))
    return cells


def lines_of(lines: tuple[str, ...], *, solved: bool) -> list[str]:
    """Return the lines of a cell with the solutions, or with the blanks in their place."""
    kept, part = [], "both"
    for line in lines:
        mark = line.strip()
        if mark in {"# solution", "# blank", "# end"}:
            part = {"# solution": "solved", "# blank": "blank", "# end": "both"}[mark]
        elif part == "blank":
            if not solved:
                kept.append(re.sub(r"# \| ?", "", line, count=1))
        elif part == "both" or solved:
            kept.append(line)
    return kept


def silent(source: str) -> str:
    """Return code that ends in drawing, so that what the call gives back is not shown beneath the picture."""
    last = ast.unparse(ast.parse(source).body[-1])
    return f"{source};" if last.startswith(("plot_", "ax.")) else source


def notebook(name: str, text: str) -> Any:
    """Return one of the notebooks, "lab" or "solutions", without outputs."""
    solved = name == "solutions"
    found = nbformat.v4.new_notebook(metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for number, cell in enumerate(read_cells(text)):
        if cell.kind == "solution" and not solved:
            continue
        source = "\n".join(lines_of(cell.lines, solved=solved))
        if cell.kind == "code":
            source = silent(source)
        if number == 0:
            source = source.replace(TITLES["lab"], TITLES[name])
        make = nbformat.v4.new_markdown_cell if cell.kind in {"markdown", "solution"} else nbformat.v4.new_code_cell
        made = make(source, id=f"cell-{number:03d}")
        if cell.kind in {"task", "check"}:
            made.metadata["tags"] = [cell.kind]
        found.cells.append(made)
    nbformat.validate(found)
    return found


def written(name: str) -> str:
    """Return the file of one of the notebooks, as the source gives it."""
    return str(nbformat.writes(notebook(name, SOURCE.read_text(encoding="utf-8")))) + "\n"


_STYLE = """
@page { size: A4; margin: 16mm 18mm; }
body { max-width: 174mm; margin: 16px auto; padding: 0 16px; color: #171a26; }
body { font: 11pt/1.5 "IBM Plex Sans", "Segoe UI", sans-serif; }
h1, h2 { font-family: Newsreader, Georgia, serif; font-weight: 500; line-height: 1.2; break-after: avoid; }
h1 { margin: 0 0 8px; font-size: 22pt; }
h2 { margin: 18pt 0 4pt; font-size: 14pt; }
p { margin: 5pt 0; break-inside: avoid; }
hr { height: 22pt; margin: 0; border: 0; border-bottom: 0.6pt solid #868a96; }
table { width: 100%; margin: 6pt 0; border-collapse: collapse; break-inside: avoid; }
th, td { padding: 4pt 6pt; border: 0.6pt solid #868a96; text-align: left; }
td:empty { min-width: 8mm; height: 16pt; }
code { font-size: 10pt; }
@media print { body { margin: 0; padding: 0; } }
"""


def sheet() -> str:
    """Return the sheet as a page that a browser prints."""
    body = MarkdownIt().enable("table").render((FOLDER / "lab.md").read_text(encoding="utf-8"))
    title = TITLES["lab"].removeprefix("# ")
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n{body}</html>\n"
    )


def files() -> dict[str, str]:
    """Return what this writes, by name."""
    return {**{f"{each}.ipynb": written(each) for each in TITLES}, "lab.html": sheet()}


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes")
