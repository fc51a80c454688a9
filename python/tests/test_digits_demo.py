"""What tools/demo prints and the sheet of digits that it draws."""

import re
import subprocess
import sys

import numpy as np
from compiled import BUILD, MODELS, compile_model
from PIL import Image

from models.digits import data, demo


def test_demo_prints_accuracy_and_time_and_draws_all_digits(tmp_path):
    folder = MODELS / "digits"
    files = (folder / "digits.mlir", folder / "digits.safetensors")
    model = compile_model(*files, tmp_path / "digits.so")
    cuda = ("--target=cuda", "--cuda-arch=80")
    cuda_model = compile_model(*files, tmp_path / "digits-cuda.so", *cuda)
    # A few rounds of timing do here.
    runner = tmp_path / "runner"
    runner.write_text(
        '#!/bin/sh\n[ "$2" != --bench ] || set -- "$@" --rounds=3\n'
        f'exec "{BUILD}/bin/perceiver-run" "$@"\n'
    )
    runner.chmod(0o755)
    command = [sys.executable, folder / "demo.py", "--runner", runner, "--model", model]
    command += ["--cuda-model", cuda_model]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    count = len(data.load_split()[2].labels)
    assert count >= 450
    (accuracy,) = re.findall(r"^accuracy: (\d+\.\d) %$", printed, re.MULTILINE)
    assert 97 <= float(accuracy) <= 100
    assert f"same class as the float64 reference: {count} of {count}\n" in printed
    emulated = f"{demo.EMULATED} of {demo.EMULATED}, 0 findings"
    assert f"same class as on this processor: {emulated}\n" in printed
    times = re.findall(r"^time per image: (\d+\.\d) us \(.*\)$", printed, re.MULTILINE)
    assert len(times) == 2 and all(float(time) > 0 for time in times)

    sheet = Image.open(tmp_path / "digits.png")
    assert str(tmp_path / "digits.png") in printed
    side = 8 * demo.MAGNIFICATION + 2 * demo.MARGIN
    rows = -(-count // demo.COLUMNS)
    assert sheet.size == (demo.COLUMNS * side, demo.HEADER + rows * (side + demo.CAPTION))
    tiles = [_tile(sheet, index, demo.COLUMNS) for index in range(count)]
    # Each shows a scan, and as many are framed as are wrong.
    assert all((tile < demo.INK).all(axis=-1).any() for tile in tiles)
    framed = sum((tile[0] == demo.WRONG).all() for tile in tiles)
    assert f"{100 * (count - framed) / count:.1f}" == accuracy


def _tile(sheet, index, columns):
    width = 8 * demo.MAGNIFICATION + 2 * demo.MARGIN
    height = width + demo.CAPTION
    left = index % columns * width
    top = demo.HEADER + index // columns * height
    return np.asarray(sheet)[top : top + height, left : left + width]


def test_sheet_shows_scans_and_marks_wrong_predictions():
    images = np.zeros((5, 8, 8), np.float32)
    images[1, 2, 3] = 1
    predictions = np.array([1, 2, 3, 4, 5])
    labels = np.array([1, 2, 3, 7, 5])
    sheet = demo.draw_sheet(images, predictions, labels, "five digits", columns=3)

    tile_width = 8 * demo.MAGNIFICATION + 2 * demo.MARGIN
    tile_height = tile_width + demo.CAPTION
    assert sheet.size == (3 * tile_width, demo.HEADER + 2 * tile_height)

    # Ink is dark, and where it was in the scan.
    scan = _tile(sheet, 1, 3)[demo.MARGIN :, demo.MARGIN :]
    pixel = scan[2 * demo.MAGNIFICATION : 3 * demo.MAGNIFICATION]
    assert (pixel[:, 3 * demo.MAGNIFICATION : 4 * demo.MAGNIFICATION] == 0).all()
    assert (pixel[:, : 3 * demo.MAGNIFICATION] == 255).all()

    # Each tile has a caption; only the wrong one has a red frame.
    for index in range(5):
        tile = _tile(sheet, index, 3)
        assert (tile[-demo.CAPTION + 2 : -2] != tile[-3, 3]).any()
        is_framed = (tile[0] == demo.WRONG).all()
        assert is_framed == (index == 3)
