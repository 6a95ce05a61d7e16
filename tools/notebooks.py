"""Write the lab's two notebooks, docs/class/lab.ipynb and solutions.ipynb, from their one source, notebook.py.

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


if __name__ == "__main__":
    for each in TITLES:
        path = FOLDER / f"{each}.ipynb"
        path.write_text(written(each), encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size:,} bytes")
