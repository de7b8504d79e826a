"""Follows train-nanogpt.ts in PyTorch, from the same weights over the same batches, and compares the losses:
train_nanogpt.py TEXT FOLDER. Fails unless the first 100 steps agree within 1e-3 and the smoothed curves afterwards within 0.02."""
import json, math, pathlib, sys
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

torch.set_num_threads(2)
text, folder = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
characters = sorted(set(text))
ids = torch.tensor([characters.index(c) for c in text[: int(0.9 * len(text))]])
batches = json.loads((folder / "batches.json").read_text())
weights = {name: value.requires_grad_() for name, value in load_file(folder / "initial.safetensors").items()}
LAYERS, HEADS, TIME = 4, 4, 64


def norm(x, name):
    return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], None, 1e-5)


def forward(x):
    table = weights["input.embedding.weight"]
    h = table[x] + weights["input.positions.weight"][: x.shape[1]]
    batch, steps, size = h.shape
    split = lambda y: y.view(batch, steps, HEADS, size // HEADS).transpose(1, 2)
    for i in range(LAYERS):
        map_of = lambda y, name: y @ weights[f"layers.{i}.{name}.weight"]
        y = norm(h, f"layers.{i}.attentionNorm")
        query, key, value = (split(map_of(y, f"attention.{name}")) for name in ("query", "key", "value"))
        context = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        h = h + map_of(context.transpose(1, 2).reshape(batch, steps, size), "attention.output")
        y = norm(h, f"layers.{i}.feedForwardNorm")
        h = h + map_of(F.gelu(map_of(y, "feedForward.input")), "feedForward.output")
    return norm(h, "norm") @ table.T


def learning_rate(step, warm_up=100, last=2000, highest=1e-3, lowest=1e-4):
    if step < warm_up:
        return highest * (step + 1) / (warm_up + 1)
    return lowest + 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (last - warm_up))) * (highest - lowest)


matrices = [w for w in weights.values() if w.dim() >= 2]
vectors = [w for w in weights.values() if w.dim() < 2]
groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-8)
losses = []
for step, starts in enumerate(batches):
    window = lambda shift: torch.stack([ids[start + shift : start + shift + TIME] for start in starts])
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step)
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(forward(window(0)).flatten(0, 1), window(1).flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
    optimizer.step()
    losses.append(loss.item())
(folder / "torch.json").write_text(json.dumps(losses))


def smoothed(values, decay=0.95):
    out, mean = [], values[0]
    for value in values:
        mean = decay * mean + (1 - decay) * value
        out.append(mean)
    return out


failed = False
for file in sorted(folder.glob("heddle-*.json")):
    ours = json.loads(file.read_text())
    first = max(abs(a - b) for a, b in zip(ours[:100], losses[:100]))
    rest = max(abs(a - b) for a, b in list(zip(smoothed(ours), smoothed(losses)))[100:])
    single = max(abs(a - b) for a, b in list(zip(ours, losses))[100:])
    failed = failed or first > 1e-3 or rest > 0.02
    print(f"{file.stem}: {len(ours)} steps, last loss {ours[-1]:.4f} and {losses[-1]:.4f}; largest difference of the first 100 "
          f"{first:.2e}, of the smoothed curves afterwards {rest:.2e}, of a single step {single:.2e}")
sys.exit(failed)
