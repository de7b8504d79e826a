import { type Module, namedModules, type PyTorchModule, type PyTorchSource, pyTorchModule } from '@heddle/layers'

/** A model as a Python file: its classes, how it is created, and its weights. */
export interface PythonModel extends PyTorchModule {
  /** Classes and functions, in the order in which they were added. */
  readonly definitions: readonly string[]
}

/**
 * Describes a model and all of its parts.
 *
 * @throws HeddleError `config` for a part that does not describe itself
 */
export async function describeModel(model: Module): Promise<PythonModel> {
  const definitions = new Map<string, string>()
  const paths = new Map(namedModules(model).map(([path, module]) => [module, path]))
  const source: PyTorchSource = {
    define(wanted, text) {
      for (let n = 1; ; n++) {
        const name = n === 1 ? wanted : `${wanted}${n}`
        const before = definitions.get(name)
        if (before === undefined) definitions.set(name, text(name))
        if (before === undefined || before === text(name)) return name
      }
    },
    pathOf: (module) => paths.get(module) ?? '',
  }
  return { ...(await pyTorchModule(model, source)), definitions: [...definitions.values()] }
}

const imports: readonly [used: RegExp, line: string][] = [
  [/^/, 'import json'],
  [/\bmath\./, 'import math'],
  [/^/, 'import pathlib'],
  [/\bNamedTuple\b/, 'from typing import NamedTuple, Optional'],
  [/^/, '\nimport torch'],
  [/\bF\./, 'import torch.nn.functional as F'],
  [/^/, 'from torch import nn'],
  [/\bpack_padded_sequence\b/, 'from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence'],
]

/** Content of `model.py`. @param title first line of its docstring */
export function modelFile({ definitions, create }: PythonModel, title: string): string {
  const body = definitions.join('\n\n')
  const lines = imports.flatMap(([used, line]) => (used.test(body) ? [line] : []))
  return `"""${title}

The file needs PyTorch alone. \`load_model()\` returns the model with its trained weights.
"""
${lines.join('\n')}


${body}

${files.replace('CREATE', () => create)}`
}

const files = `
def create_model():
    """The model with weights at random."""
    return CREATE


def load_model(path=None):
    """The model with the weights of a file, by default those beside this file."""
    model = create_model()
    model.load_state_dict(read_tensors(path or pathlib.Path(__file__).parent / "model.safetensors"))
    return model


# safetensors: the length of a JSON header in 8 bytes, the header with the place of each tensor, and the numbers.
TYPES = {"F32": torch.float32, "I32": torch.int32}


def read_tensors(path):
    """The tensors of a safetensors file by name."""
    data = bytearray(pathlib.Path(path).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, field in header.items():
        if name == "__metadata__":
            continue
        begin, end = field["data_offsets"]
        values = torch.frombuffer(data, dtype=TYPES[field["dtype"]], count=(end - begin) // 4, offset=start + begin)
        tensors[name] = values.reshape(field["shape"]).clone()
    return tensors


def write_tensors(path, tensors):
    """Writes float32 tensors to a safetensors file, which is there as a whole or not at all."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    arrays = {name: tensor.detach().cpu().float().contiguous() for name, tensor in tensors.items()}
    for name, array in arrays.items():
        end = offset + 4 * array.numel()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    temporary = pathlib.Path(f"{path}.tmp")
    with open(temporary, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(array.numpy().tobytes())
    temporary.replace(path)
`
