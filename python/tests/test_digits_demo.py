"""The sheet of digits that tools/demo draws."""

import numpy as np

from models.digits import demo


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
