import {
  backend_util,
  Einsum,
  einsum as einsumOp,
  expandDims,
  type Tensor,
  type TensorInfo,
  tile,
} from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { matMul } from './matmul.ts'

/**
 * `tf.einsum` of one or two tensors, which tfjs's wasm backend lacks: one matrix product instead of a product of all
 * dimensions that is summed afterwards.
 *
 * Labels fall in four groups: those of both tensors and the result (batch), of both tensors only (contracted), of one
 * tensor and the result (rows, columns), and of one tensor only (summed first).
 */
export const einsum = defineKernel(
  Einsum,
  (call) => {
    const operands = Object.values(call.inputs) as TensorInfo[]
    const terms = parse(call.attrs['equation'] as string, operands)
    const sizes = labelSizes(terms, operands)
    const { result } = terms
    const scope = new Scope(call)
    let out: Labeled
    if (operands.length === 1) out = scope.sumOver({ tensor: operands[0]!, labels: terms.inputs[0]! }, result)
    else {
      const [a, b] = operands.map((tensor, i) =>
        scope.sumOver({ tensor, labels: terms.inputs[i]! }, result + terms.inputs[1 - i]!),
      ) as [Labeled, Labeled]
      const shared = [...a.labels].filter((label) => b.labels.includes(label))
      const batch = shared.filter((label) => result.includes(label)).join('')
      const inner = shared.filter((label) => !result.includes(label)).join('')
      const rows = [...a.labels].filter((label) => !shared.includes(label)).join('')
      const columns = [...b.labels].filter((label) => !shared.includes(label)).join('')
      const size = (labels: string) => sizeOf([...labels].map((label) => sizes.get(label)!))
      const left = scope.reshape(scope.permute(a, batch + rows + inner), [size(batch), size(rows), size(inner)])
      const right = scope.reshape(scope.permute(b, batch + inner + columns), [size(batch), size(inner), size(columns)])
      const product = matMul('einsum', call.heap, left, right, { transposeA: false, transposeB: false })
      const labels = batch + rows + columns
      out = {
        tensor: scope.own({ ...product, shape: [...labels].map((label) => sizes.get(label)!) }),
        labels,
      }
    }
    return scope.close(scope.permute(out, result).tensor)
  },
  {
    saveAllInputs: true,
    // d/dA of sum over the summed labels of A B: the same sum with A's place taken by the result.
    gradFunc: (dy, saved, attrs) => {
      const terms = parse(attrs['equation'] as string, saved)
      return Object.fromEntries(
        saved.map((operand, i) => [
          i,
          () => operandGradient(dy as Tensor, saved as Tensor[], operand as Tensor, i, terms),
        ]),
      )
    },
  },
)

interface Terms {
  readonly inputs: readonly string[]
  readonly result: string
}

interface Labeled {
  readonly tensor: TensorInfo
  readonly labels: string
}

function parse(equation: string, operands: readonly TensorInfo[]): Terms {
  // Checks what tfjs allows (no ellipsis, no repeated label, at most two tensors) with its own messages.
  backend_util.decodeEinsumEquation(equation, operands.length)
  const [inputs, result] = equation.replace(/\s/g, '').split('->') as [string, string]
  return { inputs: inputs.split(','), result }
}

function labelSizes({ inputs }: Terms, operands: readonly TensorInfo[]): Map<string, number> {
  const sizes = new Map<string, number>()
  operands.forEach(({ shape, dtype }, i) => {
    const labels = inputs[i]!
    if (shape.length !== labels.length || dtype !== 'float32') {
      throw new KernelError(
        'shape',
        `einsum: expected a float32 tensor of rank ${labels.length} for '${labels}', got ${dtype} [${shape}].`,
      )
    }
    shape.forEach((size, dimension) => {
      const label = labels[dimension]!
      const known = sizes.get(label) ?? size
      if (known !== size) {
        throw new KernelError(
          'shape',
          `einsum: expected dimension ${known} at axis ${dimension} of the input shaped [${shape}], where '${label}' stands, got ${size}. Make them equal.`,
        )
      }
      sizes.set(label, size)
    })
  })
  return sizes
}

function operandGradient(dy: Tensor, operands: readonly Tensor[], operand: Tensor, i: number, terms: Terms): Tensor {
  const labels = terms.inputs[i]!
  const others = terms.inputs.filter((_, j) => j !== i)
  const known = [...labels].filter(
    (label) => terms.result.includes(label) || others.some((term) => term.includes(label)),
  )
  let gradient = einsumOp(
    `${[terms.result, ...others].join(',')}->${known.join('')}`,
    dy,
    ...operands.filter((_, j) => j !== i),
  )
  // A label that stands in this operand only was summed: every element gets the same gradient.
  ;[...labels].forEach((label, dimension) => {
    if (known.includes(label)) return
    const repetitions = labels.length === gradient.shape.length ? [] : gradient.shape.map(() => 1)
    repetitions.splice(dimension, 0, operand.shape[dimension]!)
    gradient = tile(expandDims(gradient, dimension), repetitions)
  })
  return gradient
}

/** Intermediate tensors of one call, disposed at its end. */
class Scope {
  readonly #call: KernelCall
  readonly #owned = new Set<TensorInfo['dataId']>()

  constructor(call: KernelCall) {
    this.#call = call
  }

  own(tensor: TensorInfo): TensorInfo {
    this.#owned.add(tensor.dataId)
    return tensor
  }

  sumOver({ tensor, labels }: Labeled, keep: string): Labeled {
    const axis = [...labels].flatMap((label, i) => (keep.includes(label) ? [] : [i]))
    if (axis.length === 0) return { tensor, labels }
    const sum = this.#call.run('Sum', { x: tensor }, { axis, keepDims: false })
    return { tensor: this.own(sum), labels: [...labels].filter((label) => keep.includes(label)).join('') }
  }

  permute({ tensor, labels }: Labeled, order: string): Labeled {
    if (labels === order) return { tensor, labels }
    const perm = [...order].map((label) => labels.indexOf(label))
    return { tensor: this.own(this.#call.run('Transpose', { x: tensor }, { perm })), labels: order }
  }

  /** The same memory under another shape; no tensor of its own. */
  reshape({ tensor }: Labeled, shape: number[]): TensorInfo {
    return { ...tensor, shape }
  }

  /** Disposes all but `result`; an input that is the result unchanged is counted once more. */
  close({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    if (!this.#owned.delete(dataId)) this.#call.heap.backend.incRef(dataId)
    for (const other of this.#owned) this.#call.heap.backend.disposeData(other)
    return { dataId, shape, dtype }
  }
}
