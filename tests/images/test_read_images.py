import gzip
import io
import json
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkmeans.errors import FileError, ImageError
from inkmeans.images import rasterize, read_images, read_strokes

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
SEVEN = {"strokes": [[[10, 10], [60, 10], [30, 70]]], "width": 80, "height": 60, "pen": 9, "truth": "7"}


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def png(gray: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("L", (5, 4), gray).save(file, "PNG")
    return file.getvalue()


def put(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# kinds


def test_a_picture(tmp_path):
    path = put(tmp_path / "a.png", png(77))
    images = read_images(path)
    assert [image.tolist() for image in images.images] == [[[77] * 5] * 4]
    assert images.sources == [str(path)]
    assert images.truths is None
    assert images.no_truths == f"{path} is a picture without a truth."


def test_a_tiff_of_several_pages_is_refused(tmp_path):
    path = tmp_path / "a.tif"
    Image.new("L", (5, 4)).save(path, save_all=True, append_images=[Image.new("L", (5, 4))])
    with pytest.raises(ImageError) as caught:
        read_images(path)
    assert str(caught.value) == (
        f"{path} has 2 pages, and only pictures of one page are read; save each page as a file of its own."
    )


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("train-images-idx3-ubyte", bytes),
        ("train-images-idx3-ubyte.gz", gzip.compress),
        ("a.idx", bytes),
        ("renamed.png", bytes),
    ],
)
def test_idx(tmp_path, name, pack):
    path = put(tmp_path / name, pack(idx(IMAGES)))
    images = read_images(str(path))
    assert isinstance(images.images, np.ndarray)
    assert np.array_equal(images.images, IMAGES)
    assert images.sources == [f"{path}[0]", f"{path}[1]"]
    assert images.truths is None
    assert images.no_truths == f"{path} has its truths in another file."


def test_npz_with_and_without_a_choice(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, train_images=IMAGES, train_labels=[1, 2], test_images=IMAGES[:1], test_labels=[3])
    images = read_images(f"{path}#test_images")
    assert images.sources == [f"{path}#test_images[0]"]
    assert images.truths == ["3"]
    assert read_images(f"{path}#train").truths == ["1", "2"]
    with pytest.raises(ImageError, match=r"holds 2 arrays of images; choose with .*#train_images or .*#test_images\.$"):
        read_images(path)


def test_npz_and_npy_without_truths(tmp_path):
    np.savez(tmp_path / "a.npz", images=IMAGES)
    images = read_images(tmp_path / "a.npz")
    assert images.no_truths == f"{tmp_path}/a.npz has no array of truths beside images."
    np.save(tmp_path / "a.npy", IMAGES)
    images = read_images(tmp_path / "a.npy")
    assert images.sources == [f"{tmp_path}/a.npy[0]", f"{tmp_path}/a.npy[1]"]
    assert images.no_truths == f"{tmp_path}/a.npy has no array of truths beside its images."


def test_a_file_whose_name_holds_the_sign_of_choice(tmp_path):
    path = tmp_path / "a.npz#b.npz"
    np.savez(path, images=IMAGES)
    assert len(read_images(path)) == 2
    put(tmp_path / "page#1.png", png())
    assert len(read_images(tmp_path / "page#1.png")) == 1


def test_pen_strokes(tmp_path):
    path = put(tmp_path / "a.json", json.dumps([SEVEN, SEVEN | {"truth": "1"}]))
    images = read_images(path)
    assert images.sources == [f"{path}[0]", f"{path}[1]"]
    assert images.truths == ["7", "1"]
    assert np.array_equal(images.images[0], rasterize(read_strokes(SEVEN)[0]))
    assert images.images[0].shape == (60, 80)


def test_one_drawing_is_called_by_its_file_and_known_by_its_content(tmp_path):
    path = put(tmp_path / "a.txt", "\n " + json.dumps(SEVEN))
    assert read_images(path).sources == [str(path)]


def test_truths_of_drawings_count_only_where_all_have_one(tmp_path):
    path = put(tmp_path / "a.json", json.dumps([SEVEN, SEVEN | {"truth": None}]))
    images = read_images(path)
    assert images.truths is None
    assert images.no_truths == f"{path} has 1 truths for 2 drawings."


def test_drawings_that_ask_for_too_much(tmp_path):
    blank = {"strokes": [], "width": 4096, "height": 4096, "pen": 1}
    path = put(tmp_path / "a.json", json.dumps([blank] * 60))
    with pytest.raises(ImageError) as caught:
        read_images(path)
    assert str(caught.value) == (
        f"{path} asks for 1,006,632,960 pixels in all, more than the limit of 1,000,000,000; "
        "split it, or use smaller canvases."
    )
    put(path, "[]")
    with pytest.raises(ImageError, match=r"a\.json holds no drawings: its list is empty\.$"):
        read_images(path)


def test_the_suffix_decides_where_the_content_says_nothing(tmp_path):
    for name, text in [
        ("a.npz", "a.npz is not an .npz file (.npy arrays in a zip), or it is cut short."),
        ("a.npy", "a.npy is not an .npz file (.npy arrays in a zip), or it is cut short."),
        ("a.json", "a.json is not JSON: Expecting value at line 1, column 1; it may be cut short or edited wrongly."),
        (
            "x-idx3-ubyte",
            "x-idx3-ubyte is not an IDX file: it must begin with two zero bytes, a type and a number of dimensions, "
            "but begins with 6f 6f 70 73.",
        ),
        ("a.txt", "a.txt is not a picture that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM."),
    ]:
        path = put(tmp_path / name, "oops")
        with pytest.raises(ImageError) as caught:
            read_images(path)
        assert str(caught.value) == f"{tmp_path}/{text}"


def test_a_missing_path(tmp_path):
    with pytest.raises(FileError) as caught:
        read_images(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path}/none does not exist; check the path."


def test_a_missing_picture_with_the_sign_of_choice_in_its_name(tmp_path):
    with pytest.raises(FileError) as caught:
        read_images(tmp_path / "page#1.png")
    assert str(caught.value) == f"{tmp_path}/page#1.png does not exist; check the path."


def test_a_picture_from_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(pipe.write_bytes, png(5))
        images = read_images(pipe)
        assert written.result() == len(png(5))
    assert images.images[0][0, 0] == 5


def test_idx_labels_are_no_images(tmp_path):
    path = put(tmp_path / "labels.idx", idx(np.arange(5)))
    with pytest.raises(ImageError, match=r"has the shape \(5,\), but images must be \(n, height, width\)"):
        read_images(path)


# truths in a file of their own


@pytest.fixture
def images_path(tmp_path) -> Path:
    return put(tmp_path / "a.idx", idx(IMAGES))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_truths_from_idx(tmp_path, images_path, pack):
    labels = put(tmp_path / "labels", pack(idx(np.array([7, 3]))))
    images = read_images(images_path, truths=labels)
    assert images.truths == ["7", "3"]
    assert images.no_truths == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "7\n3"),
        ("a.txt", "7\r\n3\r\n\r\n"),
        ("a.txt", "\ufeff 7 \n3\n"),
        ("a.csv", "truth\n7\n3\n"),
    ],
)
def test_truths_one_a_line(tmp_path, images_path, name, text):
    assert read_images(images_path, truths=put(tmp_path / name, text)).truths == ["7", "3"]


def test_a_truth_may_hold_a_comma_and_be_called_truth(tmp_path, images_path):
    assert read_images(images_path, truths=put(tmp_path / "a.txt", "truth\n1,5\n")).truths == ["truth", "1,5"]


def test_truths_from_arrays(tmp_path, images_path):
    np.save(tmp_path / "y.npy", np.array([7, 3]))
    assert read_images(images_path, truths=tmp_path / "y.npy").truths == ["7", "3"]
    np.savez(tmp_path / "y.npz", train_labels=[7, 3], test_labels=[1, 1])
    assert read_images(images_path, truths=f"{tmp_path}/y.npz#train_labels").truths == ["7", "3"]
    with pytest.raises(ImageError) as caught:
        read_images(images_path, truths=tmp_path / "y.npz")
    assert str(caught.value) == (
        f"{tmp_path}/y.npz: say which array holds the truths; "
        f"choose with {tmp_path}/y.npz#train_labels or {tmp_path}/y.npz#test_labels."
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("7\n", "holds 1 truths, but there are 2 images."),
        ("7\n\n3\n", ", line 2: there is no truth; write one on each line."),
        ("", " is empty; it must hold one truth a line, or a table with the columns file,truth."),
        (" \n\n", " is empty; it must hold one truth a line, or a table with the columns file,truth."),
    ],
)
def test_truths_that_do_not_fit(tmp_path, images_path, text, fault):
    path = put(tmp_path / "a.txt", text)
    with pytest.raises(ImageError) as caught:
        read_images(images_path, truths=path)
    assert str(caught.value) == f"{path}{fault if fault[0] in ' ,' else ' ' + fault}"


def test_an_empty_line_is_counted_below_the_header(tmp_path, images_path):
    path = put(tmp_path / "a.csv", "truth\n\n3\n")
    with pytest.raises(ImageError, match=r"a\.csv, line 2: there is no truth"):
        read_images(images_path, truths=path)


def test_truths_that_are_not_text(tmp_path, images_path):
    path = put(tmp_path / "a.txt", b"\xff\xfe7")
    with pytest.raises(ImageError) as caught:
        read_images(images_path, truths=path)
    assert str(caught.value) == (
        f"{path} is not a file of truths, which is IDX, .npy, .npz or text in UTF-8; save it as one of them."
    )
    with pytest.raises(FileError, match=r"none\.txt does not exist; check the path\.$"):
        read_images(images_path, truths=tmp_path / "none.txt")


@pytest.fixture
def scans(tmp_path) -> Path:
    for name in ("a.png", "b/a.png", "b/c.png"):
        (tmp_path / "scans" / name).parent.mkdir(parents=True, exist_ok=True)
        put(tmp_path / "scans" / name, png())
    return tmp_path / "scans"


def test_a_table_names_files_by_their_last_parts(tmp_path, scans):
    table = put(
        tmp_path / "t.csv", 'note,truth,file\n,7,scans/a.png\n"x,y","1,5",b\\a.png\n,3,c.png\n\n,9,not there.png\n'
    )
    assert read_images(scans, truths=table).truths == ["7", "1,5", "3"]


@pytest.mark.parametrize("column", ["truth", "text", "label", "Truth"])
def test_names_of_the_column(tmp_path, scans, column):
    table = put(tmp_path / "t.csv", f"file,{column}\nscans/a.png,1\nb/a.png,2\nc.png,3\n")
    assert read_images(scans, truths=table).truths == ["1", "2", "3"]


def test_a_table_names_images_in_a_file(tmp_path, images_path):
    table = put(tmp_path / "t.csv", "file,truth\na.idx[1],3\na.idx[0],7\n")
    assert read_images(images_path, truths=table).truths == ["7", "3"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("b/a.png,1\nc.png,2\n", " has no truth for {scans}/a.png; add a row for it."),
        (
            "a.png,1\nc.png,2\n",
            ": 'a.png' fits both {scans}/a.png and {scans}/b/a.png; write more of the path.",
        ),
        ("c.png,2\nc.png,3\n", ", line 3: c.png has two truths, '2' and '3'."),
        ("c.png\n", ", line 2: a row needs a file and a truth; got 'c.png'."),
        ("c.png,\n", ", line 2: a row needs a file and a truth; got 'c.png,'."),
    ],
)
def test_tables_that_do_not_fit(tmp_path, scans, rows, fault):
    table = put(tmp_path / "t.csv", "file,truth\n" + rows)
    with pytest.raises(ImageError) as caught:
        read_images(scans, truths=table)
    assert str(caught.value) == f"{table}{fault.format(scans=scans)}"


def test_truths_in_a_row_may_not_shift_where_a_picture_is_bad(tmp_path, scans):
    put(scans / "bad.png", "no")
    path = put(tmp_path / "t.txt", "1\n2\n3\n")
    with pytest.raises(ImageError) as caught:
        read_images(scans, truths=path)
    assert str(caught.value) == (
        f"{path} holds one truth after another, but {scans}/bad.png could not be read, so they may shift; "
        "give a table with the columns file,truth."
    )


def test_truths_given_replace_those_of_the_folders(tmp_path, scans):
    (scans / "a.png").unlink()
    assert read_images(scans).truths == ["b", "b"]
    images = read_images(scans, truths=put(tmp_path / "t.txt", "1\n2\n"))
    assert images.truths == ["1", "2"]
    assert images.no_truths == ""
