import { enableGradients, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from './comparison.ts'
import { type GoldenCase, tensorOf, tensorsUnder, toTensor } from './golden-case.ts'

/** A parameter of ours for a weight of the case. */
export interface WeightOf {
  readonly parameter: Parameter
  /** Order of the case's axes in ours: `[1, 0]` for a Linear, whose weight is [in, out] here. */
  readonly permutation?: readonly number[]
  /** The shape after that, where it differs. */
  readonly shape?: readonly number[]
}

export interface Computation {
  /** By the name that follows `w.`; a list for a weight whose first axis holds several parameters of ours, of the same size. */
  readonly weights: Readonly<Record<string, WeightOf | readonly WeightOf[]>>
  /** Given the tensors that follow `in.`, computes those that follow `out.`. */
  readonly compute: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>
}

/**
 * Sets the weights from a case, computes its outputs, differentiates Σ output ⊙ cotangent, and puts all beside the golden
 * numbers. Every tensor of the case must have been used or made.
 */
export async function compareComputation(golden: GoldenCase, { weights, compute }: Computation): Promise<Comparison[]> {
  enableGradients()
  const named = [...tensorsUnder(golden, 'w.')].flatMap(([name, raw]) => {
    const meant = weights[name]
    if (meant === undefined) throw new Error(`${golden.name}: no parameter of ours is meant for 'w.${name}'.`)
    const parts = 'parameter' in meant ? [meant] : meant
    return parts.map((weight, i) => {
      const part = (whole: tf.Tensor) => arranged(tf.split(whole, parts.length)[i]!, weight)
      tf.tidy(() => weight.parameter.assign(part(toTensor(raw))))
      return { name, weight, part }
    })
  })
  const scope = tf.tidy(() => {
    const inputs = Object.fromEntries([...tensorsUnder(golden, 'in.')].map(([name, raw]) => [name, toTensor(raw)]))
    const floats = Object.entries(inputs).filter(([, tensor]) => tensor.dtype === 'float32')
    let outputs: Record<string, tf.Tensor> = {}
    const { grads } = tf.engine().gradients(
      () => {
        outputs = compute(inputs)
        for (const output of Object.values(outputs)) tf.keep(output)
        return tf.addN(
          [...tensorsUnder(golden, 'cot.')].map(([name, raw]) => tf.sum(tf.mul(outputs[name]!, toTensor(raw)))),
        ) as tf.Scalar
      },
      [...floats.map(([, tensor]) => tensor), ...named.map(({ weight }) => weight.parameter.value)],
      undefined,
      true,
    )
    const values = Object.entries(outputs).map(([name, actual]) => ({
      name: `out.${name}`,
      kind: actual.dtype === 'float32' ? ('value' as const) : ('exact' as const),
      actual,
      expected: tensorOf(golden, `out.${name}`),
    }))
    const inputGradients = floats.map(([name, input], i) => ({
      name: `gin.${name}`,
      kind: 'gradient' as const,
      actual: grads[i] ?? tf.zerosLike(input),
      expected: tensorOf(golden, `gin.${name}`),
    }))
    const weightGradients = named.map(({ name, weight, part }, i) => ({
      name: `gw.${name}`,
      kind: 'gradient' as const,
      actual: grads[floats.length + i] ?? tf.zerosLike(weight.parameter.value),
      expected: part(tensorOf(golden, `gw.${name}`)),
    }))
    const all = [...values, ...inputGradients, ...weightGradients]
    for (const { actual, expected } of all) {
      tf.keep(actual)
      tf.keep(expected)
    }
    return { all }
  }).all as { name: string; kind: Comparison['kind']; actual: tf.Tensor; expected: tf.Tensor }[]
  const made = new Set(scope.map(({ name }) => name))
  const unmade = [...golden.tensors.keys()].filter((name) => /^(out|gin|gw)\./.test(name) && !made.has(name))
  if (unmade.length > 0) throw new Error(`${golden.name}: nothing was computed for ${unmade.join(', ')}.`)
  const comparisons: Comparison[] = []
  for (const { name, kind, actual, expected } of scope) {
    comparisons.push({
      name,
      kind,
      shape: actual.shape,
      expectedShape: expected.shape,
      actual: await actual.data(),
      expected: await expected.data(),
    })
    tf.dispose([actual, expected])
  }
  return comparisons
}

function arranged(tensor: tf.Tensor, { permutation, shape }: WeightOf): tf.Tensor {
  const turned = permutation === undefined ? tensor : tf.transpose(tensor, [...permutation])
  return shape === undefined ? turned : tf.reshape(turned, [...shape])
}
