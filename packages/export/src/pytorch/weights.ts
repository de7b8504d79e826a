import { HeddleError, nearestNames, type RawTensor } from '@heddle/core'
import type { PyTorchWeight, StateDict } from '@heddle/layers'

/** The weights of a model under PyTorch's names and in its order of axes. */
export function toPyTorchWeights(state: StateDict, weights: readonly PyTorchWeight[]): StateDict {
  const described = new Set(weights.map(({ path }) => path))
  const left = [...state.keys()].filter((path) => !described.has(path))
  if (left.length > 0 || described.size !== weights.length) {
    throw new HeddleError(
      'config',
      `PyTorch: expected each weight of the model to be described once, got ${left.length > 0 ? `none for ${left.join(', ')}` : 'some twice'}. Correct the toPyTorch of the part that holds it.`,
    )
  }
  return new Map(
    weights.map(({ name, path, axes }) => {
      const tensor = state.get(path)
      if (tensor !== undefined) return [name, permuted(tensor, axes)]
      throw new HeddleError(
        'config',
        `PyTorch: expected a weight at '${path}', as a part describes it, got none. Correct its toPyTorch.`,
      )
    }),
  )
}

/**
 * The weights of a model from those under PyTorch's names.
 *
 * @param shapes shape of each parameter by path
 * @param file name for messages
 * @throws HeddleError `state-dict`, listing every missing and unknown name and every wrong shape
 */
export function fromPyTorchWeights(
  tensors: ReadonlyMap<string, RawTensor>,
  weights: readonly PyTorchWeight[],
  shapes: ReadonlyMap<string, readonly number[]>,
  file: string,
): StateDict {
  const problems: string[] = []
  const state: StateDict = new Map()
  for (const { name, path, axes } of weights) {
    const tensor = tensors.get(name)
    const shape = shapes.get(path)!
    const expected = axes === undefined ? shape : axes.map((axis) => shape[axis]!)
    if (tensor === undefined) problems.push(`missing '${name}'`)
    else if (`${tensor.shape}` !== `${expected}`)
      problems.push(`'${name}': expected [${expected}], got [${tensor.shape}]`)
    else if (tensor.dtype !== 'F32') problems.push(`'${name}': expected F32, got ${tensor.dtype}`)
    else state.set(path, permuted(tensor, axes === undefined ? undefined : inverse(axes)))
  }
  const known = new Set(weights.map(({ name }) => name))
  const missing = [...known].filter((name) => !tensors.has(name))
  for (const name of tensors.keys()) {
    if (known.has(name)) continue
    const [near] = nearestNames(name, missing, 1)
    problems.push(`unknown '${name}'${near === undefined ? '' : ` (is it '${near}'?)`}`)
  }
  if (problems.length === 0) return state
  throw new HeddleError(
    'state-dict',
    `${file}: expected the weights of the exported model, got others: ${problems.join('; ')}. Save them with write_tensors of model.py.`,
  )
}

const inverse = (axes: readonly number[]): number[] => axes.map((_, axis) => axes.indexOf(axis))

/** A float32 tensor with its axes in another order. */
function permuted({ dtype, shape, bytes }: RawTensor, axes: readonly number[] | undefined): RawTensor {
  if (axes === undefined) return { dtype, shape, bytes }
  const from = new Uint32Array(bytes.slice().buffer) // whole numbers of 4 bytes, whatever they hold
  const to = new Uint32Array(from.length)
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1))
  const moved = axes.map((axis) => shape[axis]!)
  const steps = axes.map((axis) => strides[axis]!)
  const place = moved.map(() => 0)
  let source = 0
  for (let i = 0; i < to.length; i++) {
    to[i] = from[source]!
    for (let axis = moved.length - 1; axis >= 0; axis--) {
      source += steps[axis]!
      if (++place[axis]! < moved[axis]!) break
      source -= steps[axis]! * moved[axis]!
      place[axis] = 0
    }
  }
  return { dtype, shape: moved, bytes: new Uint8Array(to.buffer) }
}
