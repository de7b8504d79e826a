"""Loads the folders that save-checkpoints.ts or save-fine-tuned.ts wrote in transformers, and compares logits and names of labels:
check_checkpoints.py FOLDER."""
import json, pathlib, sys
import torch, transformers
from safetensors.torch import load_file

OUTPUTS = {"logits": ("prediction_logits", "logits"), "pairLogits": ("seq_relationship_logits",),
           "startLogits": ("start_logits",), "endLogits": ("end_logits",)}
failed = False
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    ours = load_file(folder / "heddle.safetensors")
    ids, lengths = ours.pop("ids").long(), ours.pop("lengths").long()
    inputs = dict(input_ids=ids, attention_mask=(torch.arange(ids.shape[1])[None] < lengths[:, None]).long())
    if "segments" in ours:
        inputs["token_type_ids"] = ours.pop("segments").long()
    name = json.loads((folder / "config.json").read_text())["architectures"][0]
    model, info = getattr(transformers, name).from_pretrained(folder, output_loading_info=True)
    with torch.no_grad():
        out = model.eval()(**inputs)
    worst = 0.0
    for key, values in ours.items():
        theirs = next(out[option] for option in OUTPUTS[key] if out.get(option) is not None)
        worst = max(worst, (theirs - values).abs().max().item())
    strange = {kind: list(keys) for kind, keys in info.items() if kind in ("missing_keys", "unexpected_keys", "mismatched_keys") and keys}
    labels = folder / "heddle-labels.json"
    if labels.exists() and list(model.config.id2label.values()) != json.loads(labels.read_text()):
        strange["labels"] = model.config.id2label
    failed = failed or worst > 1e-5 or bool(strange)
    print(f"{name:40} {folder.name:36} off by {worst:.1e} {strange or ''}")
sys.exit(failed)
