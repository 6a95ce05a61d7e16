"""``inkmeans name`` from tables and lines: names are saved, kept and can be taken back."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from inkmeans import Project

ABOUT = 'Type a name and Return. Return alone skips; ":undo" takes the last name back; ":quit" ends.\n'


def names_of(path: Path) -> list[str | None]:
    with Project.open(path) as project:
        return [cluster.name for cluster in project.clusters]


def test_names_come_from_a_table(invoke, project: Path) -> None:
    Path("names.csv").write_text("cluster,name\n" + "\n".join(f"{number},{number % 10}" for number in range(24)))
    done = invoke("name", project, "--csv", "names.csv")
    assert (done.exit_code, done.stdout) == (0, f"{project}: 24 of 24 clusters named, 100.0 % of the images\n")
    model = project.with_suffix(".safetensors")
    assert done.stderr == f"Next: inkmeans train {project} -o {model}  (train a reader)\n"
    assert names_of(project) == [str(number % 10) for number in range(24)]


def test_a_table_may_come_from_standard_input(invoke, project: Path) -> None:
    done = invoke("name", project, "--csv", "-", input="3,seven\n5,7\n")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{project}: 2 of 24 clusters named, ")
    assert done.stderr == f"Next: inkmeans name {project}  (continue where you stopped)\n"
    assert (names_of(project)[3], names_of(project)[5]) == ("seven", "7")


def test_a_table_without_names_is_told(invoke, project: Path) -> None:
    assert invoke("name", project, "--write-csv", "names.csv").exit_code == 0
    done = invoke("name", project, "--csv", "names.csv")
    assert (done.exit_code, done.stdout) == (0, f"{project}: 0 of 24 clusters named, 0.0 % of the images\n")
    assert done.stderr.startswith("names.csv holds no names: its column 'name' is empty.\n")
    done = invoke("name", project, "--csv", "-", input="0,\n")
    assert done.stderr.startswith("standard input holds no names: its column 'name' is empty.\n")


def test_an_empty_cell_takes_a_name_away(invoke, named: Path) -> None:
    before = names_of(named)
    done = invoke("name", named, "--csv", "-", input="2,\n3, \n5,seven\n")
    assert done.exit_code == 0
    told = "standard input has an empty name for 2 clusters with a name, which was taken away.\n"
    assert done.stderr.startswith(told)
    assert names_of(named) == [*before[:2], None, None, before[4], "seven", *before[6:]]


def test_a_bad_table_names_nothing(invoke, project: Path) -> None:
    done = invoke("name", project, "--csv", "-", input="3,7\n99,7\n")
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: cluster must be one of the 24 of {project}, 0 to 23; got 99.\n",
    )
    done = invoke("name", project, "--csv", "-", input="cluster,name\n3,7\nx,7\n")
    assert done.stderr == "Error: standard input line 3: a cluster is a whole number from 0; got 'x'.\n"
    assert names_of(project) == [None] * 24


def test_a_table_is_written_to_be_filled_in(invoke, named: Path) -> None:
    with Project.open(named) as opened:
        opened.name(2, None)
    done = invoke("name", named, "--write-csv", "names.csv")
    rows = Path("names.csv").read_text().splitlines()
    assert (rows[0], rows[3], len(rows)) == ("cluster,name", "2,", 25)
    assert done.stderr == f"Next: inkmeans name {named} --csv names.csv  (when the table is filled in)\n"
    again = invoke("name", named, "--write-csv", "names.csv")
    assert again.stderr == "Error: names.csv already exists; choose another name, or replace it with --force.\n"
    assert invoke("name", named, "--write-csv", "names.csv", "--force").exit_code == 0


def test_lines_answer_for_one_cluster_after_another(invoke, project: Path) -> None:
    done = invoke("name", project, input="seven\n\n2\n")
    assert done.exit_code == 0
    assert names_of(project)[:4] == ["seven", None, "2", None]
    assert done.stdout.startswith(ABOUT)
    assert "Cluster 0: " in done.stdout and " · 0 of 24 named\nName: " in done.stdout
    answered = [line for line in done.stdout.splitlines() if line.startswith("Name: ")]
    assert answered == ["Name: seven", "Name: ", "Name: 2", "Name: "]  # each line ends before the next cluster
    assert "Cluster 3: " in done.stdout and "Cluster 4: " not in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"{project}: 2 of 24 clusters named, ")


def test_the_middle_image_is_shown_as_blocks(invoke, project: Path) -> None:
    from inkmeans.pictures import blocks

    done = invoke("name", project, input=":quit\n")
    with Project.open(project) as opened:
        expected = blocks(opened.glyphs[opened.middle(0)])
    assert expected in done.stdout
    assert "█" in expected


def test_naming_goes_on_where_it_was_left(invoke, project: Path) -> None:
    invoke("name", project, input="a\nb\n:quit\n")
    done = invoke("name", project, input="c\n")
    assert "Cluster 2: " in done.stdout and "Cluster 1: " not in done.stdout
    assert names_of(project)[:4] == ["a", "b", "c", None]


def test_undo_takes_the_last_name_back_and_asks_again(invoke, project: Path) -> None:
    done = invoke("name", project, input="a\nb\n:undo\nB\n:quit\n")
    assert "Taken back: cluster 1 named b.\n" in done.stdout
    assert names_of(project)[:3] == ["a", "B", None]


def test_undo_takes_back_names_only(invoke, project: Path) -> None:
    done = invoke("name", project, input=":undo\n:quit\n")
    assert "There is no name to take back.\n" in done.stdout
    assert len(names_of(project)) == 24


def test_undo_goes_back_over_skipped_clusters(invoke, project: Path) -> None:
    invoke("name", project, input="a\n:skip\nc\n:undo\n:undo\nA\n:quit\n")
    assert names_of(project)[:3] == ["A", None, None]


def test_letters_that_begin_commands_are_names_too(invoke, project: Path) -> None:
    invoke("name", project, input="u\nq\n::\n::undo\n")
    assert names_of(project)[:5] == ["u", "q", ":", ":undo", None]


def test_an_unknown_command_shows_what_there_is(invoke, project: Path) -> None:
    done = invoke("name", project, input=":what\na\n:quit\n")
    assert "A name that begins with a colon is written with two.\n" in done.stdout
    assert names_of(project)[0] == "a"


def test_what_cannot_be_a_name_is_asked_again(invoke, project: Path) -> None:
    done = invoke("name", project, input="?\n" + "x" * 65 + "\nx\n")
    assert "A name must not be '?', which means that the reader rejects;" in done.stdout
    assert "A name must have at most 64 characters; got 65.\n" in done.stdout
    assert names_of(project)[:2] == ["x", None]


def test_all_named_is_all_done(invoke, named: Path) -> None:
    done = invoke("name", named, input="")
    assert done.stdout == f"{ABOUT}\n{named}: 24 of 24 clusters named, 100.0 % of the images\n"


def test_sheets_are_written_first_and_their_paths_shown(invoke, project: Path, tmp_path: Path) -> None:
    done = invoke("name", project, "--sheets", "sheets", input="a\n:quit\n")
    assert " · all of them: sheets/cluster-00.png · " in done.stdout
    assert len(list((tmp_path / "sheets").iterdir())) == 24
    again = invoke("name", project, "--sheets", "sheets", input="b\n")  # the same sheets: no conflict
    assert again.exit_code == 0
    assert " · all of them: sheets/cluster-01.png · " in again.stdout


@pytest.mark.slow  # a clustering, and its sheets three times
def test_sheets_of_other_clusters_stay_without_force(invoke, project: Path, tmp_path: Path) -> None:
    invoke("name", project, "--sheets", "sheets", input="a\n")
    before = (tmp_path / "sheets" / "cluster-00.png").read_bytes()
    invoke("cluster", project, "-k", 7, "--force")
    done = invoke("name", project, "--sheets", "sheets", input="a\n")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: sheets/cluster-00.png already exists; choose another name, or replace it")
    assert (tmp_path / "sheets" / "cluster-00.png").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "Error: no.ink does not exist"),
        (b"", "Error: no.ink "),
        (b"not a project at all", "Error: no.ink "),
        (b"SQLite format 3\0" + bytes(4080), "Error: no.ink "),
    ],
    ids=["missing", "empty", "text", "broken"],
)
def test_what_is_no_project_is_told(invoke, content: bytes | None, told: str, tmp_path: Path) -> None:
    if content is not None:
        Path("no.ink").write_bytes(content)
    done = invoke("name", "no.ink", input="a\n")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(told), done.stderr
    assert done.stderr.count("\n") == 1


def test_a_project_without_clusters_is_told(invoke, scans: list[np.ndarray]) -> None:
    Project.create("new.ink", scans[:5]).close()
    done = invoke("name", "new.ink")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: new.ink has no clusters yet to name; run: inkmeans cluster new.ink\n",
    )


def test_a_truncated_project_is_told(invoke, clustered: Path, tmp_path: Path) -> None:
    shutil.copy(clustered, tmp_path / "cut.ink")
    data = (tmp_path / "cut.ink").read_bytes()
    (tmp_path / "cut.ink").write_bytes(data[: len(data) // 2])
    done = invoke("name", "cut.ink", input="a\n")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: cut.ink ")
    assert "Traceback" not in done.stderr
