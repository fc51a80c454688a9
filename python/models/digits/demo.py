"""Read the held-out digits with the compiled model and show how it went. Started by tools/demo."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from safetensors.numpy import load_file, save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from models.digits import data, reference  # noqa: E402

MAGNIFICATION = 6
MARGIN = 4
CAPTION = 18
HEADER = 28
COLUMNS = 23
EMULATED = 100
INK, PAPER = (30, 30, 30), (255, 255, 255)
WRONG, WRONG_PAPER = (200, 0, 0), (255, 220, 220)


def draw_sheet(images, predictions, labels, title, columns=COLUMNS):
    """Return a picture of all `images` [n,8,8] in [0, 1] with the predicted digit below each.

    Where the prediction is wrong, the tile is red and the caption also says what is right: "3 (8)".
    """
    count, height, width = images.shape
    rows = -(-count // columns)
    tile_width = width * MAGNIFICATION + 2 * MARGIN
    tile_height = height * MAGNIFICATION + 2 * MARGIN + CAPTION
    sheet = Image.new("RGB", (columns * tile_width, HEADER + rows * tile_height), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=14)
    draw.text((MARGIN, HEADER // 2), title, fill=INK, font=font, anchor="lm")
    for index in range(count):
        left = index % columns * tile_width
        top = HEADER + index // columns * tile_height
        caption, color = str(predictions[index]), INK
        if predictions[index] != labels[index]:
            caption, color = f"{predictions[index]} ({labels[index]})", WRONG
            draw.rectangle(
                (left, top, left + tile_width - 1, top + tile_height - 1),
                fill=WRONG_PAPER,
                outline=WRONG,
                width=2,
            )
        scan = Image.fromarray((255 * (1 - images[index])).round().astype(np.uint8))
        scan = scan.resize((width * MAGNIFICATION, height * MAGNIFICATION), Image.Resampling.BOX)
        sheet.paste(scan, (left + MARGIN, top + MARGIN))
        middle = (left + tile_width // 2, top + tile_height - CAPTION // 2 - 1)
        draw.text(middle, caption, fill=color, font=font, anchor="mm")
    return sheet


def run(*command, **options):
    """Run a command and return what it prints; end this program if it fails."""
    words = [str(part) for part in command]
    result = subprocess.run(words, stdout=subprocess.PIPE, text=True, **options)
    if result.returncode:
        sys.exit(f"failed: {' '.join(words)}")
    return result.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", required=True, help="perceiver-run")
    parser.add_argument("--model", required=True, type=Path, help="the compiled model (.so)")
    parser.add_argument("--cuda-model", type=Path, help="the one for CUDA devices")
    arguments = parser.parse_args()
    folder = arguments.model.parent

    held_out = data.load_split()[2]
    labels = held_out.labels
    everything = folder / "digits.in.safetensors"
    one = folder / "digits.one.safetensors"
    outputs = folder / "digits.out.safetensors"
    save_file({"inputs": held_out.inputs}, everything)
    save_file({"inputs": held_out.inputs[:1]}, one)

    print(f"{arguments.model} reads {len(labels)} scans that training has not seen")
    run(arguments.runner, arguments.model, "--input", everything, "--output", outputs)
    predictions = load_file(outputs)["logits"].argmax(axis=-1)
    right = int((predictions == labels).sum())
    print(f"right: {right} of {len(labels)}")
    print(f"accuracy: {100 * right / len(labels):.1f} %")

    expected = reference.forward(reference.load_parameters(), held_out.inputs).argmax(axis=-1)
    same = int((predictions == expected).sum())
    print(f"same class as the float64 reference: {same} of {len(labels)}")

    def median_ms(inputs, threads):
        bench = (arguments.runner, arguments.model, "--bench", "--input", inputs)
        return json.loads(run(*bench, "--threads", threads))["median_ms"]

    print(f"time per image: {1e3 * median_ms(one, 1):.1f} us (one by one, one thread)")
    per_image = 1e3 * median_ms(everything, 0) / len(labels)
    print(f"time per image: {per_image:.1f} us ({len(labels)} at once, all cores)")

    if arguments.cuda_model:
        print(f"{arguments.cuda_model} reads {EMULATED} on an emulated GPU, which checks accesses")
        some = folder / "digits.some.safetensors"
        save_file({"inputs": held_out.inputs[:EMULATED]}, some)
        emulated = (arguments.runner, arguments.cuda_model, "--device=emulated")
        files = ("--input", some, "--output", outputs)
        said = run(*emulated, *files, stderr=subprocess.STDOUT).strip()
        again = load_file(outputs)["logits"].argmax(axis=-1)
        same = int((again == predictions[:EMULATED]).sum())
        print(f"same class as on this processor: {same} of {EMULATED}, {said}")

    sheet = folder / "digits.png"
    title = f"{len(labels)} held-out digits and what the model reads; {len(labels) - right} wrong"
    draw_sheet(held_out.inputs[..., 0], predictions, labels, title).save(sheet)
    print(f"all of them, wrong ones in red: {sheet}")


if __name__ == "__main__":
    main()
