/** Settings of `train.py`, as `training.json` holds them. */
export interface TrainingFile {
  /** Number of batches in batches.safetensors. */
  readonly batches: number
  /** Largest norm of the whole gradient; null for no limit. */
  readonly clipNorm: number | null
  /** Largest value of each number of the gradient; null for no limit. */
  readonly clipValue: number | null
  /** Learning rate of each step. */
  readonly learningRates: readonly number[]
  /** Names of weights that train alike. */
  readonly groups: readonly {
    readonly learningRateFactor: number
    readonly weightDecay: number
    readonly names: readonly string[]
  }[]
  /** Names of weights that are not trained. */
  readonly frozen: readonly string[]
}

/**
 * Content of `train.py`.
 *
 * @param loss the objective's loss as a Python function
 * @param optimizer expression of `groups`
 */
export const trainFile = (
  loss: string,
  optimizer: string,
): string => `"""Trains the model further, as its run in Heddle did: python train.py --steps 100

It goes over the batches of batches.safetensors again and again, with the optimizer, the learning rates and the clipping of
training.json, and then replaces model.safetensors, which \`heddle import\` reads.
"""
import argparse
import collections
import json
import pathlib

import torch
import torch.nn.functional as F

from model import load_model, read_tensors, write_tensors

FOLDER = pathlib.Path(__file__).parent


${loss}

def read_batches(device):
    """Batches as dictionaries: a tensor named 3.labels is the labels of batch 3."""
    batches = collections.defaultdict(dict)
    for path, tensor in read_tensors(FOLDER / "batches.safetensors").items():
        number, name = path.split(".", 1)
        batches[int(number)][name] = (tensor if tensor.is_floating_point() else tensor.long()).to(device)
    return [batches[i] for i in sorted(batches)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, help="number of weight updates (default: as many as the run made)")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--no-save", action="store_true", help="leave model.safetensors as it is")
    options = parser.parse_args()
    settings = json.loads((FOLDER / "training.json").read_text())
    rates = settings["learningRates"]
    batches = read_batches(options.device)
    model = load_model().to(options.device).train()
    parameters = dict(model.named_parameters())
    for name in settings["frozen"]:
        parameters[name].requires_grad_(False)
    groups = [
        {
            "params": [parameters[name] for name in group["names"]],
            "lr": rates[0] * group["learningRateFactor"],
            "weight_decay": group["weightDecay"],
            "factor": group["learningRateFactor"],
        }
        for group in settings["groups"]
    ]
    optimizer = ${optimizer}
    trained = [each for each in parameters.values() if each.requires_grad]
    state = None
    for step in range(options.steps or len(rates)):
        for group in optimizer.param_groups:
            group["lr"] = rates[min(step, len(rates) - 1)] * group["factor"]
        value, state = loss(model, batches[step % len(batches)], step, state)
        optimizer.zero_grad()
        value.backward()
        if settings["clipValue"] is not None:
            torch.nn.utils.clip_grad_value_(trained, settings["clipValue"])
        if settings["clipNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(trained, settings["clipNorm"])
        optimizer.step()
        print(f"step {step + 1} loss {value.item():.7f}", flush=True)
    if not options.no_save:
        write_tensors(FOLDER / "model.safetensors", model.state_dict())


if __name__ == "__main__":
    main()
`
