"""Reads a run's event files with TensorBoard, and its log with pandas, and compares both: check_tensorboard.py RUN [RUN …].

RUN is the folder of `heddle train … --tensorboard`. Every step of log.jsonl must be there once, under the right tag and with the
same number, also where the run was killed and resumed.
"""

import math
import pathlib
import struct
import sys

import numpy as np
import pandas as pd
from tensorboard.backend.event_processing import event_accumulator as ea

UNLIMITED = {kind: 0 for kind in (ea.SCALARS, ea.HISTOGRAMS, ea.IMAGES, ea.TENSORS)}


def same(a, b):
    """Equal as 32-bit floats, which TensorBoard keeps."""
    return np.float32(a) == np.float32(b) or (math.isnan(a) and math.isnan(b))


def check_series(name, events, expected):
    steps = [event.step for event in events]
    assert steps == list(expected.index), f"{name}: steps {steps} in TensorBoard, {list(expected.index)} in the log"
    for event, value in zip(events, expected):
        assert same(event.value, value), f"{name}: {event.value} at step {event.step}, {value} in the log"


def check(run):
    log = pd.read_json(run / "log.jsonl", lines=True)
    board = ea.EventAccumulator(str(run), size_guidance=UNLIMITED)
    board.Reload()
    scalars = set(board.Tags()[ea.SCALARS])
    checked = 0
    for group, event, fields in [
        ("training", "step", ["loss", "learningRate", "gradientNorm", "tokensPerSecond", "epoch"]),
        ("validation", "validation", []),
    ]:
        lines = log[log.event == event].set_index("step")
        metrics = pd.DataFrame(lines.metrics.to_list(), index=lines.index)
        table = pd.concat([lines[fields], metrics], axis=1).astype(float)
        for name in table.columns:
            check_series(f"{group}/{name}", board.Scalars(f"{group}/{name}"), table[name])
            scalars.discard(f"{group}/{name}")
            checked += len(table)
    assert all(tag.startswith(("test/", "end/")) for tag in scalars), f"not in the log: {sorted(scalars)}"

    steps = list(log[log.event == "histograms"].step)
    histograms = board.Tags()[ea.HISTOGRAMS]
    for tag in histograms:
        events = board.Histograms(tag)
        assert [event.step for event in events] == steps, f"{tag}: steps {[event.step for event in events]}, not {steps}"
        for event in events:
            value = event.histogram_value
            limits = np.array(value.bucket_limit)
            assert (np.diff(limits) > 0).all(), f"{tag}: bucket limits do not rise"
            assert math.isclose(sum(value.bucket), value.num, rel_tol=1e-6), f"{tag}: counts are not all values"
            assert limits[-1] >= value.max >= value.min
    assert steps == [] or (any(t.startswith("weights/") for t in histograms) and any(t.startswith("gradients/") for t in histograms))

    images = board.Tags()[ea.IMAGES]
    for tag in images:
        for image in board.Images(tag):
            # As the header of the PNG says.
            assert struct.unpack(">II", image.encoded_image_string[16:24]) == (image.width, image.height), tag
        found = [image.step for image in board.Images(tag)]
        assert found == sorted(set(found)), f"{tag}: {found}"
    validated = set(log[log.event == "validation"].step)
    texts = [tag for tag in board.Tags()[ea.TENSORS] if board.summary_metadata[tag].plugin_data.plugin_name == "text"]
    for tag in texts:
        found = [event.step for event in board.Tensors(tag)]
        assert len(found) == len(set(found)), f"{tag}: {found}"
        if tag.startswith("validation/"):
            assert found == sorted(found) and validated.issuperset(found), f"{tag}: {found}"
    files = sorted(path.name for path in run.glob("events.out.tfevents.*"))
    print(
        f"{run}: {checked} scalars as in the log ({len(log)} lines), {len(histograms)} histograms at steps {steps}, "
        f"texts {texts}, pictures {images}, {len(files)} files"
    )


for folder in sys.argv[1:]:
    check(pathlib.Path(folder))
