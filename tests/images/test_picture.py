import contextlib
import io
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, TiffImagePlugin

from inkmeans import Project
from inkmeans.errors import FileError, ImageError, InputError
from inkmeans.images import read_image

GRAY = np.array([[0, 50, 100], [150, 200, 255]], np.uint8)


def encode(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def message(source, **options) -> str:
    with pytest.raises(ImageError) as caught:
        read_image(source, **options)
    return str(caught.value)


# kinds of file


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "PPM"])
def test_gray_comes_as_it_is(kind):
    gray = read_image(encode(Image.fromarray(GRAY), kind))
    assert gray.dtype == np.uint8
    assert gray.tolist() == GRAY.tolist()


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95}), ("WEBP", {"quality": 95})])
def test_lossy_kinds_come_nearly_as_they_are(kind, options):
    picture = np.linspace(0, 255, 64 * 48).reshape(48, 64).astype(np.uint8)
    gray = read_image(encode(Image.fromarray(picture), kind, **options))
    assert np.abs(gray.astype(int) - picture).max() <= 8


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "raw"])
def test_compressed_tiff(compression):
    assert read_image(encode(Image.fromarray(GRAY), "TIFF", compression=compression)).tolist() == GRAY.tolist()


def test_a_fax_tiff():
    bits = np.array([[0, 255, 255, 0], [255, 0, 0, 255]], np.uint8)
    data = encode(Image.fromarray(bits).convert("1"), "TIFF", compression="group4")
    assert read_image(data).tolist() == bits.tolist()


# sources


def test_path_string_bytes_and_open_file_give_the_same(tmp_path):
    data = encode(Image.fromarray(GRAY))
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with path.open("rb") as file:
        sources = [path, str(path), data, bytearray(data), io.BytesIO(data), file]
        for source in sources:
            assert read_image(source).tolist() == GRAY.tolist()


def test_the_content_counts_and_not_the_suffix(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(Image.fromarray(GRAY)))
    assert read_image(path).tolist() == GRAY.tolist()


def test_a_picture_from_a_pipe():
    code = (
        "import sys; from inkmeans.images import read_image;"
        "print(read_image('/dev/stdin').tolist(), read_image.__name__)"
    )
    if not Path("/dev/stdin").exists():
        pytest.skip("this system has no /dev/stdin")
    result = subprocess.run(
        [sys.executable, "-c", code], input=encode(Image.fromarray(GRAY)), capture_output=True, check=True
    )
    assert result.stdout.decode().startswith(str(GRAY.tolist()))


def test_the_result_is_the_callers_to_change():
    gray = read_image(encode(Image.fromarray(GRAY)))
    gray[0, 0] = 9
    assert gray.flags.c_contiguous


# modes


def test_one_bit():
    image = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert read_image(encode(image)).tolist() == [[0, 255]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled(kind):
    image = Image.fromarray(np.array([[0, 257, 32768, 65535]], np.uint16))
    assert read_image(encode(image, kind)).tolist() == [[0, 1, 128, 255]]


@pytest.mark.parametrize("mode", ["1", "L", "I;16"])
def test_a_tiff_whose_zero_is_white(mode):
    numbers = np.array([[0, 65535, 0]], np.uint16)
    image = Image.fromarray(numbers) if mode == "I;16" else Image.fromarray((numbers // 257).astype(np.uint8))
    data = encode(image.convert(mode), "TIFF", tiffinfo={262: 0})
    assert TiffImagePlugin.TiffImageFile(io.BytesIO(data)).tag_v2[262] == 0
    # Pillow writes the pixels of 16 bits as they are, so the tag turns them round; the others it turns itself.
    expected = [[255, 0, 255]] if mode == "I;16" else [[0, 255, 0]]
    assert read_image(data).tolist() == expected


@pytest.mark.parametrize(
    ("numbers", "gray"),
    [
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[0, 100, 255]], np.float32), [0, 100, 255]),
        (np.array([[0, 257, 65535]], np.int32), [0, 1, 255]),
        (np.array([[0, 1, 255]], np.int32), [0, 1, 255]),
    ],
)
def test_numbers_of_32_bits_are_scaled_by_the_least_white_that_holds_them(numbers, gray):
    assert read_image(encode(Image.fromarray(numbers), "TIFF")).tolist() == [gray]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_numbers_that_are_no_gray(bad):
    data = encode(Image.fromarray(np.array([[0, bad]], np.float32)), "TIFF")
    assert message(data, name="a.tif") == (
        "a.tif: gray values must be numbers from 0 to 4,294,967,295; save it with 8 or 16 bits."
    )


def test_color_becomes_luma():
    image = Image.new("RGB", (2, 1))
    image.putpixel((0, 0), (255, 0, 0))
    image.putpixel((1, 0), (255, 255, 255))
    assert read_image(encode(image)).tolist() == [[76, 255]]


def test_a_palette():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 10, 10, 240, 240, 240])
    image.putpixel((1, 0), 1)
    assert read_image(encode(image)).tolist() == [[10, 240]]


def test_what_is_transparent_shows_white_paper():
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image.putpixel((2, 0), (0, 0, 0, 128))
    assert read_image(encode(image)).tolist() == [[255, 0, 127]]
    assert read_image(encode(image.convert("LA"))).tolist() == [[255, 0, 127]]


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (200, 0), (100, 255), (0, 255)])
def test_ink_on_a_transparent_ground_is_seen_whatever_its_color(ink, ground):
    alpha = np.zeros((8, 8), np.uint8)
    alpha[1:7, 3] = 255
    image = Image.fromarray(np.stack([np.full_like(alpha, ink), alpha], axis=2), "LA")
    assert np.array_equal(read_image(encode(image)), np.where(alpha == 255, ink, ground))
    assert np.array_equal(read_image(encode(image.convert("RGBA"))), np.where(alpha == 255, ink, ground))


def test_paper_with_transparent_corners_lies_on_white():
    alpha = np.full((8, 8), 255, np.uint8)
    alpha[0, 0] = alpha[7, 7] = 0
    gray = np.full_like(alpha, 250)
    gray[2:6, 4] = 10
    image = Image.fromarray(np.stack([gray, alpha], axis=2), "LA")
    assert np.array_equal(read_image(encode(image)), np.where(alpha == 255, gray, 255))


def test_a_palette_with_a_transparent_color():
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 40, 40, 40])
    image.putpixel((1, 0), 1)
    assert read_image(encode(image, transparency=0)).tolist() == [[255, 40]]
    assert read_image(encode(image, "GIF", transparency=0)).tolist() == [[255, 40]]


def test_gray_and_color_with_one_transparent_value():
    assert read_image(encode(Image.fromarray(GRAY), transparency=50)).tolist() == [[0, 255, 100], [150, 200, 255]]
    image = Image.new("RGB", (1, 1), (1, 2, 3))
    assert read_image(encode(image, transparency=(1, 2, 3))).tolist() == [[255]]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk(kind):
    image = Image.new("RGB", (32, 16), "white")
    image.paste((0, 0, 0), (0, 0, 16, 16))
    gray = read_image(encode(image.convert("CMYK"), kind))
    assert gray[8, 4] < 10
    assert gray[8, 28] > 245


def test_lab_gives_its_lightness():
    image = Image.new("LAB", (1, 1), (200, 128, 128))
    assert read_image(encode(image, "TIFF")).tolist() == [[200]]


# EXIF and pages


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "JPEG"])
def test_the_turn_from_exif_is_applied(kind, orientation):
    picture = np.zeros((16, 32), np.uint8)
    picture[:8, :8] = 255
    picture[8:, :8] = 120
    exif = Image.Exif()
    exif[274] = orientation
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100}}.get(kind, {})
    data = encode(Image.fromarray(picture), kind, exif=exif, **options)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data)).convert("L")))
    gray = read_image(data)
    assert gray.shape == ((16, 32) if orientation < 5 else (32, 16))
    assert gray.flags.c_contiguous
    if kind != "TIFF":  # Pillow turns a TIFF when it is loaded
        assert np.abs(gray.astype(int) - upright).max() <= 2
    corners = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    assert gray[corners[orientation]] > 250


@pytest.mark.parametrize("turn", [0, 9, 65535])
def test_a_turn_that_does_not_exist_is_ignored(turn):
    exif = Image.Exif()
    exif[274] = turn
    assert read_image(encode(Image.fromarray(GRAY), exif=exif)).tolist() == GRAY.tolist()


def test_damaged_exif_does_not_make_a_picture_unreadable():
    picture = Image.fromarray(np.full((16, 16), 200, np.uint8))
    assert read_image(encode(picture, "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff")).shape == (16, 16)
    assert read_image(encode(picture, "JPEG", exif=b"Exif\0\0garbage")).shape == (16, 16)


@pytest.mark.parametrize("exif", [b"garbage", b"II*\0", b"MM\0*\0\0\0\x08\xff\xff"])
def test_damaged_exif_in_a_png(exif):
    data = encode(Image.fromarray(GRAY))
    chunk = b"eXIf" + exif
    chunk = len(exif).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    assert read_image(data[:33] + chunk + data[33:]).tolist() == GRAY.tolist()


def test_odd_metadata_warn_nobody():
    data = bytearray(encode(Image.fromarray(GRAY), "TIFF"))
    data[data.index(b"\x1c\x01\x03\0") + 4] = 2  # two values where the format has one
    with pytest.warns(UserWarning, match="too many entries"):
        TiffImagePlugin.TiffImageFile(io.BytesIO(data)).load()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert read_image(bytes(data)).tolist() == GRAY.tolist()
    assert caught == []


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_refused_and_a_still_picture_of_its_kind_is_read(kind):
    frames = [Image.fromarray(GRAY), Image.fromarray(255 - GRAY), Image.fromarray(GRAY // 2)]
    moving = encode(frames[0], kind, save_all=True, append_images=frames[1:])
    assert message(moving, name="moving") == (
        "moving is an animation of 3 frames, and only still pictures are read; save one frame as a file of its own."
    )
    assert read_image(encode(frames[0], kind, save_all=True)).shape == GRAY.shape


def test_what_a_phone_saves_beside_a_jpeg_is_no_frame():
    photo, preview = Image.fromarray(GRAY).resize((64, 48)), Image.new("L", (32, 24))
    data = encode(photo, "MPO", save_all=True, append_images=[preview])
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == 2
    assert read_image(data).shape == (48, 64)


def test_the_pages_of_a_tiff_are_counted_without_previews_and_masks():
    pages = [Image.fromarray(GRAY), Image.fromarray(255 - GRAY), Image.fromarray(GRAY), Image.fromarray(GRAY)]
    for page, kind in zip(pages[2:], (1, 4), strict=True):
        page.encoderinfo = {"tiffinfo": {254: kind}}
    data = encode(pages[0], "TIFF", save_all=True, append_images=[pages[1], *pages[2:]])
    assert message(data, name="a.tif") == (
        "a.tif has 2 pages, and only pictures of one page are read; save each page as a file of its own."
    )
    assert read_image(encode(pages[0], "TIFF", save_all=True, append_images=pages[2:])).tolist() == GRAY.tolist()


def damaged_tiff(compression: str) -> bytes:
    """Return a TIFF in whose strip libtiff finds nonsense."""
    pixels = (np.arange(10_000).reshape(100, 100) * 7 % 256).astype(np.uint8)
    picture = Image.fromarray(pixels).convert("1") if compression == "group4" else Image.fromarray(pixels)
    data = bytearray(encode(picture, "TIFF", compression=compression))
    for place in range(300, min(len(data), 900), 7):
        data[place] ^= 0x5A
    return bytes(data)


@pytest.mark.parametrize("compression", ["tiff_lzw", "group4"])
def test_libtiff_prints_nothing_of_its_own(compression, capfd):
    data = damaged_tiff(compression)
    with contextlib.suppress(ImageError):
        read_image(data)
    assert capfd.readouterr() == ("", "")
    with contextlib.suppress(OSError), Image.open(io.BytesIO(data)) as image:
        image.load()
    assert capfd.readouterr().err, "its own handler is back when the picture is read"


def fax(compression: str) -> bytes:
    bits = np.random.default_rng(0).integers(0, 2, (60, 80), np.uint8) * 255
    return encode(Image.fromarray(bits).convert("1"), "TIFF", compression=compression)


def with_tag(tiff: bytes, tag: int, value: int) -> bytes:
    """Return a TIFF of Pillow's with one more tag, or another value of it."""
    at = int.from_bytes(tiff[4:8], "little")
    n = int.from_bytes(tiff[at : at + 2], "little")
    entries = {tiff[i : i + 2]: tiff[i : i + 12] for i in range(at + 2, at + 2 + 12 * n, 12)}
    entries[struct.pack("<H", tag)] = struct.pack("<HHII", tag, 3, 1, value)
    ordered = sorted(entries.values(), key=lambda entry: struct.unpack_from("<H", entry))
    place = len(tiff) + len(tiff) % 2
    whole = tiff[:4] + struct.pack("<I", place) + tiff[8:].ljust(place - 8, b"\0")
    return whole + struct.pack("<H", len(ordered)) + b"".join(ordered) + bytes(4)


DAMAGED = "a.tif is damaged or cut short: its pixels cannot be decoded; copy or save it again."


@pytest.mark.parametrize(("compression", "byte"), [("group4", b"\x5a"), ("group3", b"\0")])
def test_a_fax_damaged_in_its_strip_is_no_picture(compression, byte):
    good = fax(compression)
    read_image(good)
    end = int.from_bytes(good[4:8], "little")  # where the strip ends and the tags begin
    data = good[:300] + byte * (end - 300) + good[end:]
    with Image.open(io.BytesIO(data)) as image:
        image.load()  # Pillow takes it for a picture
    assert message(data, name="a.tif") == DAMAGED
    read_image(good)


@pytest.mark.parametrize(("tag", "value"), [(274, 0), (296, 7)])  # a turn and a unit that do not exist
def test_libtiffs_errors_about_odd_tags_make_no_picture_unreadable(tag, value, capfd):
    good = fax("group4")
    odd = with_tag(good, tag, value)
    with Image.open(io.BytesIO(odd)) as image:
        image.load()
    assert "Bad value" in capfd.readouterr().err
    assert np.array_equal(read_image(odd), read_image(good))


def test_several_threads_find_each_its_own_damage(capfd):
    good = fax("group4")
    bad = good[:300] + b"\x5a" * 60 + good[360:]

    def is_read(data: bytes) -> bool:
        try:
            read_image(data)
        except ImageError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(is_read, [good, bad] * 40)) == [True, False] * 40
    assert capfd.readouterr() == ("", "")


# what cannot be read


@pytest.mark.parametrize(("width", "height"), [(12_000, 10_000), (60_000, 60_000)])
def test_too_many_pixels_are_seen_in_the_header(width, height):
    data = bytearray(encode(Image.new("1", (8, 8))))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    assert message(bytes(data), name="huge.png") == (
        f"huge.png has {width:,} x {height:,} pixels, more than the limit of 100 megapixels; scale it down first."
    )


@pytest.mark.slow  # as many as may be
def test_exactly_100_megapixels_are_read_without_a_warning():
    data = encode(Image.new("1", (10_000, 10_000), 1))
    assert read_image(data).shape == (10_000, 10_000)


def test_a_picture_20000_pixels_wide():
    assert read_image(encode(Image.new("L", (20_000, 1), 7))).shape == (1, 20_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM"])
def test_a_picture_cut_short(kind):
    noise = np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)
    data = encode(Image.fromarray(noise), kind)
    text = message(data[: len(data) * 2 // 3], name="a")
    assert text == "a is damaged or cut short: its pixels cannot be decoded; copy or save it again." or (
        kind in ("TIFF", "WEBP") and text == "a is damaged: its header cannot be read; copy or save it again."
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM"])
def test_a_picture_cut_short_in_its_header(kind):
    data = encode(Image.fromarray(GRAY), kind)
    with pytest.raises(ImageError, match=r"^a is damaged"):
        read_image(data[:14] if kind != "PPM" else data[:3], name="a")


@settings(deadline=None)
@given(data=st.data(), kind=st.sampled_from(["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM"]))
def test_changed_bytes_give_a_picture_or_a_sentence(data, kind):
    picture = bytearray(encode(Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_image(bytes(picture)).ndim == 2
    except ImageError as error:
        assert str(error).endswith(".")


def test_an_empty_file(tmp_path):
    path = tmp_path / "a.png"
    path.touch()
    text = "is empty (0 bytes); a picture must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM."
    assert message(path) == f"{path} {text}"
    assert message(b"") == f"the picture {text}"


def test_what_is_not_a_picture(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("shopping list")
    assert message(path) == (
        f"{path} is not a picture that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM."
    )
    assert message(b"xx") == (
        "the picture is of no kind that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM."
    )


def test_a_project_is_not_a_picture(tmp_path):
    path = tmp_path / "logs.ink"
    Project.create(path, np.eye(28, dtype=np.uint8)[None]).close()
    assert message(path) == (
        f"{path} is a project, but a picture is needed here; give the files that it was made from."
    )


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"heix"])
def test_heic_says_what_to_do(brand):
    assert message(b"\0\0\0\x18ftyp" + brand + b"\0" * 40, name="IMG_1.heic") == (
        "IMG_1.heic is a HEIC photo, which cannot be read; save it as JPEG, or let the phone do so "
        "(iPhone: Settings, Camera, Formats, Most Compatible)."
    )


def test_pdf_says_what_to_do():
    assert message(b"%PDF-1.7\n", name="a.pdf") == (
        "a.pdf is a PDF, which this version cannot read (PDF pages come in a later one); save the page as PNG."
    )


def test_a_missing_file_a_folder_and_a_path_that_cannot_be(tmp_path):
    for path, text in [
        (tmp_path / "none.png", f"{tmp_path / 'none.png'} does not exist; check the path."),
        (tmp_path, f"{tmp_path} is a folder, but a file is needed here; give the path of a file inside it."),
        ("a\0b.png", "'a\\x00b.png' cannot be opened (embedded null byte); check the path."),
        ("x" * 5000, f"'{'x' * 5000}' cannot be opened (File name too long); check the path."),
    ]:
        with pytest.raises(FileError) as caught:
            read_image(path)
        assert str(caught.value) == text


def test_a_file_without_permission(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.touch()

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError) as caught:
        read_image(path)
    assert str(caught.value) == f"{path} cannot be opened: you have no permission to read it."


def test_a_source_of_another_kind():
    with pytest.raises(InputError) as caught:
        read_image(17)
    assert str(caught.value) == "source must be a path, bytes or a binary file; got int."


def test_a_file_opened_as_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("abc")
    with path.open() as file:
        assert message(file) == f"{path} was opened as text; open it in binary mode ('rb')."


def test_importing_images_does_not_load_pillow():
    code = "import sys, inkmeans.images; assert 'PIL' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_real_pictures(data_folder):
    assert read_image(data_folder / "grid_pages" / "images" / "page_03.png").shape == (3509, 4963)
    for path in sorted((data_folder / "photos" / "images").iterdir()):
        gray = read_image(path)
        assert gray.mean() > 100  # paper
