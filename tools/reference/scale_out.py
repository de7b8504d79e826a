"""Trains an export of Heddle in several processes with Accelerate, and writes a folder of transformers for heddle train --from.

    heddle export runs/mine --out mine-hf --batches 100
    torchrun --nproc_per_node 2 scale_out.py mine-hf --out trained-hf     # or accelerate launch, on graphics cards
    heddle train gpt --from trained-hf

Reads the batches, learning rates, clipping and AdamW's settings of mine-hf/training; every process takes its share of the rows of
each batch, and the loss is the mean over the whole batch. Language models (next or masked tokens) only. docs/scaling.md has the rest.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil

import torch
import torch.nn.functional as F
import transformers
from accelerate import Accelerator
from safetensors.torch import load_file

IGNORED = -100


def read_batches(folder):
    """Batches as dictionaries of tensors."""
    batches = collections.defaultdict(dict)
    for path, tensor in load_file(folder / "batches.safetensors").items():
        number, name = path.split(".", 1)
        batches[int(number)][name] = tensor.long()
    return [batches[i] for i in sorted(batches)]


def as_rows(batch):
    """Inputs and labels of a batch with one row for each example: the arguments of the model, labels [B, T], labels of pairs [B]."""
    ids, labels = batch["ids"], batch["labels"]
    if "places" not in batch:
        return {"input_ids": ids}, labels, None
    spread = torch.full_like(ids, IGNORED)
    spread.view(-1)[batch["places"]] = labels
    mask = (torch.arange(ids.shape[1])[None] < batch["lengths"][:, None]).long()
    return {"input_ids": ids, "token_type_ids": batch["segments"], "attention_mask": mask}, spread, batch.get("pairLabels")


def share(rows, accelerator):
    """The rows of a batch that belong to this process."""
    return None if rows is None else rows[accelerator.process_index :: accelerator.num_processes].to(accelerator.device)


def sum_and_count(logits, labels):
    total = F.cross_entropy(logits.flatten(0, -2), labels.flatten(), ignore_index=IGNORED, reduction="sum")
    return total, (labels != IGNORED).sum()


def loss_of(model, batch, accelerator):
    """The loss for backward, and the loss of the whole batch.

    DistributedDataParallel averages the gradients of the processes. Each has its own number of labels, so its sum is divided by
    the number of all labels and multiplied by the number of processes.
    """
    arguments, labels, pair_labels = as_rows(batch)
    out = model(**{name: share(each, accelerator) for name, each in arguments.items()})
    logits = out.prediction_logits if "prediction_logits" in out else out.logits
    parts = [sum_and_count(logits, share(labels, accelerator))]
    if pair_labels is not None:
        parts.append(sum_and_count(out.seq_relationship_logits, share(pair_labels, accelerator)))
    means = [total * accelerator.num_processes / accelerator.reduce(count, "sum") for total, count in parts]
    loss = torch.stack(means).sum()
    return loss, accelerator.reduce(loss.detach(), "mean")


def adamw_of(model, settings):
    """AdamW as the run's, which leaves biases and the scales of norms without weight decay."""
    known = {"type", "beta1", "beta2", "epsilon", "weightDecay", "decays", "amsgrad"}
    strange = {key for key, value in settings.items() if key not in known and value not in (None, [], {}, 1)}
    if settings["type"] != "adamw" or strange or settings.get("amsgrad"):
        raise SystemExit(f"scale_out: expected plain AdamW, got {settings}. Give the optimizer here.")
    every = settings.get("decays") == "all"
    groups = collections.defaultdict(list)
    for parameter in model.parameters():
        if parameter.requires_grad:
            groups[settings["weightDecay"] if every or parameter.ndim > 1 else 0.0].append(parameter)
    groups = [{"params": params, "weight_decay": decay} for decay, params in groups.items()]
    return torch.optim.AdamW(groups, betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="of heddle export --batches N")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write")
    parser.add_argument("--steps", type=int, help="weight updates (default: as many as the run made)")
    options = parser.parse_args()
    # Without this, processes of torchrun on processors alone would not know of each other.
    accelerator = Accelerator(cpu=not torch.cuda.is_available())
    if accelerator.num_processes != int(os.environ.get("WORLD_SIZE", 1)):
        raise SystemExit("scale_out: expected to train in all processes that were started, got one alone.")
    backend = torch.distributed.get_backend() if accelerator.num_processes > 1 else "none"
    accelerator.print(f"processes {accelerator.num_processes}, backend {backend}")
    settings = json.loads((options.folder / "training/training.json").read_text())
    rates, batches = settings["learningRates"], read_batches(options.folder / "training")
    architecture = json.loads((options.folder / "config.json").read_text())["architectures"][0]
    model = getattr(transformers, architecture).from_pretrained(options.folder).train()
    model, optimizer = accelerator.prepare(model, adamw_of(model, settings["optimizer"]))
    for step in range(options.steps or len(rates)):
        for group in optimizer.param_groups:
            group["lr"] = rates[min(step, len(rates) - 1)]
        loss, whole = loss_of(model, batches[step % len(batches)], accelerator)
        optimizer.zero_grad()
        accelerator.backward(loss)
        if settings["clipValue"] is not None:
            accelerator.clip_grad_value_(model.parameters(), settings["clipValue"])
        if settings["clipNorm"] is not None:
            accelerator.clip_grad_norm_(model.parameters(), settings["clipNorm"])
        optimizer.step()
        accelerator.print(f"step {step + 1} loss {whole.item():.7f}", flush=True)
    if accelerator.is_main_process:
        options.out.mkdir(parents=True, exist_ok=True)
        for file in options.folder.iterdir():
            if file.is_file() and file.suffix != ".safetensors":
                shutil.copy(file, options.out)
        accelerator.unwrap_model(model).save_pretrained(options.out)
        shutil.copy(options.folder / "config.json", options.out)
    accelerator.end_training()


if __name__ == "__main__":
    main()
