import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inkmeans.errors import FileError
from inkmeans.images import Problem, read_images
from inkmeans.images._folder import natural_key


def picture(path: Path, gray: int = 200) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (5, 4), gray).save(path)


def test_one_folder_for_each_truth(tmp_path):
    for name in ("3/a.png", "3/b.jpg", "7/a.png", "seven/deep/inside/a.tif"):
        picture(tmp_path / name)
    images = read_images(tmp_path)
    names = ("3/a.png", "3/b.jpg", "7/a.png", "seven/deep/inside/a.tif")
    assert images.sources == [f"{tmp_path}/{name}" for name in names]
    assert images.truths == ["3", "3", "7", "seven"]
    assert images.problems == []
    assert images.no_truths == ""
    assert [image.shape for image in images.images] == [(4, 5)] * 4
    assert len(images) == 4


def test_pictures_directly_inside_have_no_truths(tmp_path):
    picture(tmp_path / "a.png", 10)
    picture(tmp_path / "b.png", 20)
    images = read_images(tmp_path)
    assert images.truths is None
    assert [image[0, 0] for image in images.images] == [10, 20]
    assert images.no_truths == (
        f"{tmp_path} gives no truths: {tmp_path}/a.png lies directly in it, not in a folder named by what it shows."
    )


def test_one_picture_beside_the_folders_and_there_are_no_truths(tmp_path):
    picture(tmp_path / "3" / "a.png")
    picture(tmp_path / "all.png")
    images = read_images(tmp_path)
    assert images.sources == [f"{tmp_path}/all.png", f"{tmp_path}/3/a.png"]
    assert images.truths is None
    assert f"{tmp_path}/all.png lies directly in it" in images.no_truths


def test_natural_order(tmp_path):
    for name in ("10.png", "2.png", "1.png", "b10/2.png", "b9/10.png", "b9/9.png"):
        picture(tmp_path / name)
    assert [source.removeprefix(f"{tmp_path}/") for source in read_images(tmp_path).sources] == [
        *("1.png", "2.png", "10.png"),
        *("b9/9.png", "b9/10.png", "b10/2.png"),
    ]


def test_natural_keys_by_hand():
    names = ["a10", "a2", "A1", "a", "10", "2", "02", "a2b"]
    assert sorted(names, key=natural_key) == ["02", "2", "10", "a", "A1", "a2", "a2b", "a10"]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=8)))
def test_any_names_can_be_sorted(names):
    backward = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backward, key=natural_key)


def test_hidden_and_other_files_are_left_out(tmp_path):
    for name in ("3/a.png", ".hidden/a.png", "3/.a.png"):
        picture(tmp_path / name)
    for name in ("notes.txt", "3/Thumbs.db", "3/truth.csv", "3/._a.png"):
        (tmp_path / name).write_text("x")
    images = read_images(tmp_path)
    assert images.sources == [f"{tmp_path}/3/a.png"]
    assert images.truths == ["3"]
    assert images.problems == []


def test_suffixes_in_capitals(tmp_path):
    picture(tmp_path / "3" / "A.PNG")
    assert len(read_images(tmp_path)) == 1


def test_a_bad_picture_is_a_problem_and_the_rest_goes_on(tmp_path):
    picture(tmp_path / "3" / "a.png")
    (tmp_path / "3" / "b.png").write_text("not a picture")
    (tmp_path / "4").mkdir()
    (tmp_path / "4" / "c.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    (tmp_path / "4" / "d.pdf").write_bytes(b"%PDF-1.4")
    picture(tmp_path / "5" / "e.png")
    images = read_images(tmp_path)
    assert images.truths == ["3", "5"]
    assert images.problems == [
        Problem(
            f"{tmp_path}/3/b.png",
            f"{tmp_path}/3/b.png is not a picture that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM.",
        ),
        Problem(
            f"{tmp_path}/4/c.heic",
            f"{tmp_path}/4/c.heic is a HEIC photo, which cannot be read; save it as JPEG, or let the phone do so "
            "(iPhone: Settings, Camera, Formats, Most Compatible).",
        ),
        Problem(
            f"{tmp_path}/4/d.pdf",
            f"{tmp_path}/4/d.pdf is a PDF, which this version cannot read (PDF pages come in a later one); "
            "save the page as PNG.",
        ),
    ]


def test_only_bad_pictures(tmp_path):
    (tmp_path / "a.png").touch()
    images = read_images(tmp_path)
    assert len(images) == 0
    assert images.truths is None
    assert images.no_truths == f"{tmp_path} gives no truths: no picture in it could be read."
    assert [problem.source for problem in images.problems] == [f"{tmp_path}/a.png"]


def test_a_file_of_several_pages_is_a_problem(tmp_path):
    path = tmp_path / "3" / "a.tif"
    path.parent.mkdir()
    page = Image.new("L", (5, 4))
    page.save(path, save_all=True, append_images=[page, page])
    page.save(path.with_name("b.png"))
    images = read_images(tmp_path)
    assert images.sources == [str(path.with_name("b.png"))]
    assert images.truths == ["3"]
    text = f"{path} has 3 pages, and only pictures of one page are read; save each page as a file of its own."
    assert images.problems == [Problem(str(path), text)]


def test_a_preview_inside_a_tiff_is_no_page(tmp_path):
    page = Image.new("L", (50, 40))
    preview = Image.new("L", (5, 4))
    preview.encoderinfo = {"tiffinfo": {254: 1}}
    page.save(tmp_path / "a.tif", save_all=True, append_images=[preview])
    with Image.open(tmp_path / "a.tif") as image:
        assert image.n_frames == 2
    images = read_images(tmp_path)
    assert [image.shape for image in images.images] == [(40, 50)]
    assert images.problems == []


def test_a_folder_without_pictures(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FileError) as caught:
        read_images(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} holds no pictures; it may hold PNG, JPEG, TIFF, WebP, BMP, GIF and PPM files, "
        "also in folders inside it."
    )


def test_links_are_followed_and_a_circle_of_them_ends(tmp_path):
    picture(tmp_path / "real" / "a.png")
    top = tmp_path / "top"
    top.mkdir()
    (top / "3").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "real" / "circle").symlink_to(top, target_is_directory=True)
    images = read_images(top)
    assert images.truths == ["3"]


def test_a_broken_link_is_a_problem(tmp_path):
    picture(tmp_path / "3" / "a.png")
    (tmp_path / "3" / "b.png").symlink_to(tmp_path / "gone.png")
    images = read_images(tmp_path)
    assert len(images) == 1
    assert images.problems == [Problem(f"{tmp_path}/3/b.png", f"{tmp_path}/3/b.png does not exist; check the path.")]


def test_a_folder_that_cannot_be_opened_is_a_problem(tmp_path, monkeypatch):
    picture(tmp_path / "3" / "a.png")
    picture(tmp_path / "4" / "a.png")
    iterdir = Path.iterdir

    def refuse(self):
        if self.name == "4":
            raise PermissionError(13, os.strerror(13))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", refuse)
    images = read_images(tmp_path)
    assert images.truths == ["3"]
    assert images.problems == [
        Problem(f"{tmp_path}/4", f"{tmp_path}/4 cannot be opened (Permission denied); check its permissions.")
    ]


def test_a_folder_called_like_a_picture(tmp_path):
    picture(tmp_path / "x.png" / "a.png")
    images = read_images(tmp_path)
    assert images.truths == ["x.png"]
    assert images.problems == []


def test_real_pictures(data_folder):
    images = read_images(data_folder / "photos", truths=data_folder / "photos" / "truth.csv")
    assert images.truths == ["05221859", "3268", "3432"]
    assert all(image.dtype == np.uint8 for image in images.images)
