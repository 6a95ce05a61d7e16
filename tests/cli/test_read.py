"""``inkmeans read``: text on stdout, problems on stderr, and what is loaded for it."""

import gzip
import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def test_one_picture_gives_its_lines(invoke, model: Path, page: Path) -> None:
    done = invoke("read", "-m", model, page, "--min-confidence", 0)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "2017\n345\n", "")


def test_several_pictures_give_name_tab_text_for_each_line(invoke, model: Path, page: Path, line: Path) -> None:
    done = invoke("read", "-m", model, page, line, "--min-confidence", 0)
    assert done.stdout == f"{page}\t2017\n{page}\t345\n{line}\t0955\n"


def test_a_folder_gives_a_line_for_each_picture(invoke, model: Path, held_out: Path) -> None:
    done = invoke("read", "-m", model, held_out / "7")
    sources = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert sources == [str(path) for path in sorted((held_out / "7").iterdir(), key=lambda path: int(path.stem))]


def test_standard_input_is_read(invoke, model: Path, line: Path) -> None:
    done = invoke("read", "-m", model, "-", input=line.read_bytes())
    assert (done.exit_code, done.stdout) == (0, "0955\n")


def test_standard_input_may_be_an_array(invoke, model: Path, scans: list[np.ndarray], tmp_path: Path) -> None:
    np.save(tmp_path / "two.npy", np.stack(scans[:2]))
    done = invoke("read", "-m", model, "-", input=(tmp_path / "two.npy").read_bytes())
    assert done.stdout == "-[0]\t0\n-[1]\t1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are POSIX's")
def test_a_terminal_is_no_input(run, model: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    done = run("read", "-m", model, "-", stdin=theirs)
    for end in (ours, theirs):
        os.close(end)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Error: '-' is standard input, and nothing is piped into it; try: inkmeans read - < PICTURE\n"
    )


def test_arrays_give_one_glyph_an_image(invoke, model: Path, scans: list[np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "digits.npz", images=np.stack(scans[:3]))
    assert invoke("read", "-m", model, "digits.npz").stdout == "".join(
        f"digits.npz#images[{i}]\t{i}\n" for i in range(3)
    )
    packed = struct.pack(">HBBIII", 0, 8, 3, 1, 8, 8) + scans[4].tobytes()
    (tmp_path / "four.gz").write_bytes(gzip.compress(packed))
    assert invoke("read", "-m", model, "four.gz").stdout == "4\n"


def test_a_drawing_is_one_glyph_even_in_two_strokes(invoke, model: Path, tmp_path: Path) -> None:
    drawing = {"strokes": [[[10, 10], [10, 90]], [[60, 10], [60, 90]]], "width": 100, "height": 100, "pen": 8}
    (tmp_path / "drawn.json").write_text(json.dumps(drawing))
    done = invoke("read", "-m", model, "drawn.json", "--json")
    assert len(json.loads(done.stdout)["readings"][0]["glyphs"]) == 1


def test_single_takes_a_picture_as_one_glyph(invoke, model: Path, line: Path) -> None:
    done = invoke("read", "-m", model, "--single", "--json", line)
    (reading,) = json.loads(done.stdout)["readings"]
    assert reading["box"] == [0, 0, 320, 130]


@pytest.fixture
def crops(invoke, scans: list[np.ndarray]) -> Path:
    """Return a folder of 12 pictures of one digit each, two of which are in two pieces."""
    folder = Path("crops")
    folder.mkdir()
    for number in range(12):
        digit = Image.fromarray(scans[number]).resize((48, 48), Image.Resampling.BICUBIC)
        picture = Image.new("L", (120, 60), 255)
        picture.paste(digit, (6, 6))
        if number in (3, 7):
            picture.paste(digit, (66, 6))
        picture.save(folder / f"{number:02d}.png")
    return folder


def test_pictures_of_one_character_that_are_cut_apart_are_told_with_the_option(
    invoke, model: Path, crops: Path
) -> None:
    told = "2 of 12 pictures were read as several characters; where each picture shows one, read them with --single.\n"
    done = invoke("read", "-m", model, crops)
    assert (done.exit_code, done.stderr) == (0, told)
    single = invoke("read", "-m", model, "--single", "--min-confidence", 0, crops)
    assert single.stderr == ""
    assert [len(line.partition("\t")[2]) for line in single.stdout.splitlines()] == [1] * 12
    assert invoke("read", "-m", model, "--json", crops).stderr == told
    (crops / "03.png").unlink()
    assert invoke("read", "-m", model, crops).stderr == told.replace("2 of 12", "1 of 11").replace("were", "was")


def test_pictures_of_several_characters_are_not_told(invoke, model: Path, crops: Path) -> None:
    for number in range(4, 7):
        shutil.copy(crops / "03.png", crops / f"{number:02d}.png")
    assert invoke("read", "-m", model, crops).stderr == ""
    assert invoke("read", "-m", model, *sorted(crops.iterdir())[:4]).stderr == ""


@pytest.mark.parametrize("line", [["read"], ["read", "a.png"], ["cluster", "-o", "a.ink"], ["choose-k"]], ids=" ".join)
def test_an_empty_name_is_not_the_folder_one_is_in(invoke, model: Path, crops: Path, line: list[str]) -> None:
    shutil.copy(crops / "00.png", "a.png")
    done = invoke(*line, "")
    assert done.exit_code == (3 if line[0] == "read" else 1)
    assert done.stderr.splitlines()[0] == (
        "Error: '' names no file or folder; give the path of one, or '.' for the folder you are in."
    )


def test_json_is_one_document(invoke, model: Path, line: Path, page: Path) -> None:
    done = invoke("read", "-m", model, "--json", line, "missing.png", page)
    document = json.loads(done.stdout)
    assert done.exit_code == 3
    assert (document["format"], document["version"]) == ("inkmeans readings", 1)
    assert [reading["source"] for reading in document["readings"]] == [str(line), str(page)]
    assert document["problems"] == [{"source": "missing.png", "message": "missing.png does not exist; check the path."}]
    first = document["readings"][0]
    assert (first["text"], first["rejected"], len(first["glyphs"])) == ("0955", False, 4)
    assert set(first) == {"source", "text", "confidence", "rejected", "box", "glyphs", "alternatives"}


def test_csv_has_a_row_for_each_input(invoke, model: Path, line: Path, page: Path) -> None:
    done = invoke("read", "-m", model, "--csv", "--min-confidence", 0, line, page)
    rows = done.stdout.splitlines()
    assert rows[0] == "source,text,confidence,rejected"
    assert rows[1].startswith(f"{line},0955,0.") and rows[1].endswith(",false")
    assert rows[2:] == [f'{page},"2017', rows[3]]
    assert rows[3].startswith('345",0.')


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(invoke, model: Path, line: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.png").write_bytes(line.read_bytes()[:100])
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    done = invoke("read", "-m", model, "missing.png", "cut.png", "text.png", "empty.png", line)
    assert done.exit_code == 3
    assert done.stdout == f"{line}\t0955\n"
    assert done.stderr.splitlines() == [
        "Error: missing.png does not exist; check the path.",
        "Error: cut.png is damaged or cut short: its pixels cannot be decoded; copy or save it again.",
        "Error: text.png is not a picture that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM.",
        "Error: empty.png is empty (0 bytes); a picture must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM.",
    ]


def test_what_is_no_picture_on_standard_input_is_told_by_its_name(invoke, model: Path) -> None:
    done = invoke("read", "-m", model, "-", input="no picture")
    assert (done.exit_code, done.stderr) == (
        3,
        "Error: standard input is not a picture that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM.\n",
    )


def test_nothing_to_read_is_an_empty_line_and_a_note(invoke, model: Path, blank: Path) -> None:
    done = invoke("read", "-m", model, blank)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "\n", f"{blank} shows nothing to read.\n")


def test_strict_exits_with_4_where_something_is_rejected(invoke, model: Path, line: Path, blank: Path) -> None:
    assert invoke("read", "-m", model, "--strict", line).exit_code == 0
    assert invoke("read", "-m", model, "--strict", line, blank).exit_code == 4
    unsure = invoke("read", "-m", model, "--strict", "--min-confidence", 1, line)
    assert (unsure.exit_code, "?" in unsure.stdout) == (4, True)


def test_an_unreadable_input_outweighs_strict(invoke, model: Path, blank: Path) -> None:
    assert invoke("read", "-m", model, "--strict", blank, "missing.png").exit_code == 3


def test_the_boxes_are_drawn(invoke, model: Path, line: Path, tmp_path: Path) -> None:
    done = invoke("read", "-m", model, line, "--picture", "boxes.png")
    assert done.exit_code == 0
    with Image.open(tmp_path / "boxes.png") as picture:
        assert picture.size[0] >= 320


def test_a_picture_that_is_there_stays_without_force(invoke, model: Path, line: Path, tmp_path: Path) -> None:
    (tmp_path / "boxes.png").write_bytes(b"mine")
    done = invoke("read", "-m", model, line, "--picture", "boxes.png")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: boxes.png already exists; choose another name, or replace it with --force.\n",
    )
    assert (tmp_path / "boxes.png").read_bytes() == b"mine"
    assert invoke("read", "-m", model, line, "--picture", "boxes.png", "--force").exit_code == 0
    assert (tmp_path / "boxes.png").read_bytes() != b"mine"


def test_an_input_is_never_drawn_over(invoke, model: Path, line: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.png"
    copy.write_bytes(line.read_bytes())
    done = invoke("read", "-m", model, "copy.png", "--picture", tmp_path / "copy.png", "--force")
    assert done.exit_code == 1
    assert done.stderr == f"Error: {copy} is an input, which is not written over; choose another name.\n"
    assert copy.read_bytes() == line.read_bytes()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--json", "--csv", "a.png"], "Error: --json and --csv cannot go together; choose one.\n"),
        (
            ["--min-confidence", "2", "a.png"],
            "Error: Invalid value for '--min-confidence': it must be a number from 0 to 1; got '2'",
        ),
    ],
)
def test_usage_is_told(invoke, options: list[str], told: str) -> None:
    done = invoke("read", *options)
    assert done.exit_code == 2
    assert done.stderr.startswith(told)


def test_one_picture_of_boxes_needs_one_input(
    invoke, model: Path, line: Path, page: Path, image_set: Path, tmp_path: Path
) -> None:
    told = "Error: --picture draws what was read on one picture; give one INPUT that is no folder.\n"
    for inputs in ([line, page], [image_set]):
        done = invoke("read", "-m", model, *inputs, "--picture", "boxes.png")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(told)
    assert list(tmp_path.iterdir()) == []


def test_an_array_of_many_images_is_no_one_picture(invoke, model: Path, scans: list[np.ndarray]) -> None:
    np.save("some.npy", np.stack(scans[:3]))
    done = invoke("read", "-m", model, "some.npy", "--picture", "boxes.png")
    assert done.exit_code == 2
    assert "Error: --picture draws what was read on one picture; there are 3.\n" in done.stderr


def test_a_picture_of_boxes_is_called_what_it_is(invoke, model: Path, line: Path, tmp_path: Path) -> None:
    done = invoke("read", "-m", model, line, "--picture", "boxes.jpg")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: --picture writes PNG; give a name that ends in .png, not boxes.jpg.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_is_told(invoke, line: Path) -> None:
    done = invoke("read", "-m", "none.safetensors", line)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: none.safetensors does not exist; name a model file, or 'digits' for the reader that ships.\n"
    )


def test_a_damaged_model_is_told(invoke, line: Path, model: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.safetensors").write_bytes(model.read_bytes()[:5000])
    done = invoke("read", "-m", "cut.safetensors", line)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: cut.safetensors: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="such names are POSIX's")
def test_a_name_that_is_no_text_is_read_and_shown(run, model: Path, line: Path, tmp_path: Path) -> None:
    odd = bytes(tmp_path) + b"/b\xffd.png"
    with open(odd, "wb") as file:  # noqa: PTH123  (a name in bytes)
        file.write(line.read_bytes())
    command = [sys.executable, "-m", "inkmeans", "read", "-m", str(model), str(line), odd]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True, env={"PYTHONUTF8": "1"})
    assert done.stdout.splitlines()[1].endswith(b"b\\udcffd.png\t0955")


def test_text_names_of_any_script_come_through(run, scans: list[np.ndarray], shown: list[str], tmp_path: Path) -> None:
    from inkmeans import Reader

    kannada = dict(zip("0123456789", "೦೧೨೩೪೫೬೭೮೯", strict=True))
    Reader().fit(scans[:300], [kannada[truth] for truth in shown[:300]]).save(tmp_path / "kannada.safetensors")
    np.save(tmp_path / "one.npy", np.stack(scans[7:8]))
    assert run("read", "-m", "kannada.safetensors", "one.npy").stdout == "೭\n"


def test_reading_loads_neither_scikit_learn_nor_scikit_image_nor_rich(model: Path, line: Path) -> None:
    code = (
        "import sys\nfrom inkmeans.cli import main\n"
        f"try:\n    main(['read', '-m', {str(model)!r}, {str(line)!r}])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'sklearn', 'skimage', 'rich', 'pooch', 'sqlite3', 'fastapi', 'joblib', 'pandas', 'matplotlib'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "0955\n[]\n", done.stderr


def test_a_project_is_no_model(invoke, project: Path, line: Path) -> None:
    assert invoke("read", "-m", project, line).stderr == (
        f"Error: {project} is a project; train a reader from it: inkmeans train {project} -o MODEL\n"
    )


@pytest.mark.parametrize("value", ["much", "1.5"])
def test_a_confidence_is_a_probability(invoke, line: Path, value: str) -> None:
    done = invoke("read", "--min-confidence", value, line)
    assert done.exit_code == 2
    assert f"Invalid value for '--min-confidence': it must be a number from 0 to 1; got '{value}'.\n" in done.stderr
