"""Runs the graphs that save-onnx.ts wrote in onnxruntime: check_onnx.py FOLDER. Outputs may differ by 1e-5 from Heddle's."""
import pathlib, struct, json, sys
import numpy, onnx, onnxruntime


def tensors(path):
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    types = {"F32": numpy.float32, "I32": numpy.int32}
    return {
        name: numpy.frombuffer(data[start:], types[field["dtype"]], (field["data_offsets"][1] - field["data_offsets"][0]) // 4,
                               field["data_offsets"][0]).reshape(field["shape"])
        for name, field in header.items()
    }


def session(path):
    onnx.checker.check_model(str(path), full_check=True)
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def run(model, given):
    """The outputs by name, of the inputs that the graph has."""
    feed = {each.name: given[each.name].astype(numpy.int64 if each.type == "tensor(int64)" else numpy.float32)
            for each in model.get_inputs()}
    return dict(zip([each.name for each in model.get_outputs()], model.run(None, feed)))


failed = False
for folder in sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir()):
    given = tensors(folder / "heddle.safetensors")
    expected = {name[9:]: given.pop(name) for name in list(given) if name.startswith("expected.")}
    if (folder / "encoder.onnx").exists():
        # A step for each token, from the state that the encoder gives.
        encoder, decoder = session(folder / "encoder.onnx"), session(folder / "decoder.onnx")
        state, logits = run(encoder, given), []
        for t in range(given["target"].shape[1]):
            result = run(decoder, {**state, "tokens": given["target"][:, t]})
            logits.append(result.pop("logits"))
            state.update({name.removeprefix("next_"): value for name, value in result.items()})
        found = {"logits": numpy.stack(logits, 1)}
        expected = {"logits": expected["logits"]}
    else:
        model = session(folder / "model.onnx")
        start = {each.name: numpy.zeros([len(next(iter(given.values()))), each.shape[1]], numpy.float32)
                 for each in model.get_inputs() if each.name.startswith("state.")}
        found = run(model, {**given, **start})
        found = {name: value for name, value in found.items() if not name.startswith("next_state")}
        if folder.name.startswith("lm-"):
            # Two halves with the state in between are the whole.
            half = given["ids"].shape[1] // 2
            first = run(model, {"ids": given["ids"][:, :half], **start})
            after = {name.removeprefix("next_"): value for name, value in first.items() if name != "logits"}
            second = run(model, {"ids": given["ids"][:, half:], **after})
            found["logits"] = numpy.concatenate([first["logits"], second["logits"]], 1)
    lengths = given.get("lengths")
    worst = 0.0
    for name, value in expected.items():
        if name not in found:
            continue
        off = abs(found[name] - value)
        if lengths is not None and off.ndim >= 2 and off.shape[1] == given.get("inputs", given.get("source", given.get("places"))).shape[1] and "target" not in given:
            real = numpy.arange(off.shape[1])[None] < lengths[:, None]
            off = off * real.reshape(real.shape + (1,) * (off.ndim - 2))
        worst = max(worst, float(off.max()))
    compared = sorted(set(expected) & set(found))
    good = worst < 1e-5 and len(compared) > 0
    failed = failed or not good
    print(f"{folder.name:26} {', '.join(compared):32} off by {worst:.1e} {'' if good else 'FAILED'}", flush=True)
sys.exit(failed)
