"""Runs the exports that save-pytorch.ts wrote in PyTorch: check_pytorch.py FOLDER.

The logits of the first batch may differ by 1e-5 from Heddle's, the losses of five further steps by 1e-4. Afterwards
model.safetensors of each folder holds the weights that PyTorch trained, for `heddle import`.
"""
import importlib.util, json, pathlib, subprocess, sys
import torch


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


failed = False
for folder in sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir()):
    exported = load(folder / "model.py", "model")
    batch = {}
    for path, tensor in exported.read_tensors(folder / "batches.safetensors").items():
        if path.startswith("0."):
            batch[path[2:]] = tensor if tensor.is_floating_point() else tensor.long()
    model = exported.load_model().eval()
    with torch.no_grad():
        if "inputs.0" in batch:
            inputs = [batch[name] for name in sorted(batch) if name.startswith("inputs.")]
            result = model(*(inputs[:2] if type(model).__name__ == "EncoderTagger" else inputs))
        elif "places" in batch:
            result = model(batch["ids"], batch["lengths"], batch["segments"], batch["places"], "causal" in batch)
        elif "starts" in batch:
            result = model(batch["ids"], batch["lengths"], batch["segments"])
        elif "ids" in batch:
            result = model(batch["ids"])
        elif "x" in batch:
            result = model(batch["x"])
        else:
            result = model(batch["source"], batch.get("lengths"), batch["input"])
    logits = result[0] if isinstance(result, tuple) else result
    expected = exported.read_tensors(folder / "heddle.safetensors")["logits"]
    off = (logits - expected).abs().max().item()
    ours = json.loads((folder / "heddle.json").read_text())
    script = [sys.executable, str(folder / "train.py"), "--steps", str(len(ours)), "--device", "cpu"]
    lines = subprocess.run(script, check=True, capture_output=True, text=True).stdout.splitlines()
    losses = [float(line.split()[3]) for line in lines]
    worst = 0.0 if "dropout" in folder.name else max(abs(a - b) for a, b in zip(ours[:5], losses[:5]))
    good = off < 1e-5 and worst < 1e-4 and len(losses) == len(ours)
    failed = failed or not good
    print(f"{folder.name:28} logits {off:.1e}  losses {worst:.1e}  {' '.join(f'{loss:.4f}' for loss in losses)}  {'' if good else 'FAILED'}", flush=True)
sys.exit(failed)
