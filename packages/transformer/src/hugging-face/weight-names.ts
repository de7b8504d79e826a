import type { Norm } from '@heddle/attention'
import { floatTensor, HeddleError, nearestNames, type RawTensor, type TensorSource, takeValues } from '@heddle/core'
import type { Linear, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// I input size, O output size

/** A tensor of a checkpoint and the parameters of ours that it holds. */
export interface WeightName {
  readonly name: string
  /** Several parameters lie side by side along the last axis. */
  readonly parameters: readonly Parameter[]
  /** Whether the tensor is [O, I], as in PyTorch's Linear, where the parameter is [I, O]. */
  readonly transposed?: boolean
  /** Whether the tensor has an axis of size 1 before those of the parameter. */
  readonly leadingAxis?: boolean
  /** Whether a checkpoint may lack it, as the weights of a head: the parameters then keep their initial values. */
  readonly optional?: boolean
}

/** A Linear as PyTorch saves it. */
export function linearNames(name: string, { weight, bias }: Linear): WeightName[] {
  const named: WeightName[] = [{ name: `${name}.weight`, parameters: [weight], transposed: true }]
  return bias === undefined ? named : [...named, { name: `${name}.bias`, parameters: [bias] }]
}

/** A norm: its scale, and its bias where it has one. */
export function normNames(name: string, norm: Norm): WeightName[] {
  const { weight, bias } = norm as Norm & { readonly weight: Parameter; readonly bias?: Parameter }
  const named: WeightName[] = [{ name: `${name}.weight`, parameters: [weight] }]
  return bias === undefined ? named : [...named, { name: `${name}.bias`, parameters: [bias] }]
}

export interface AssignOptions {
  /** Whether a tensor that no parameter takes is of another head, and may be left unused. */
  readonly mayBeUnused?: (name: string) => boolean
  /** Whether optional tensors of another shape count as missing: those of a head for other labels. */
  readonly replaceOptional?: boolean
}

/** Differences between a checkpoint and a model that were allowed. */
export interface Assigned {
  /** Optional tensors that were missing or of another shape: their parameters keep their initial values. */
  readonly drawn: readonly string[]
  /** The parameters of `drawn`. */
  readonly drawnParameters: ReadonlySet<Parameter>
  /** Tensors that no parameter took. */
  readonly unused: readonly string[]
}

/**
 * Sets the parameters from the tensors of a checkpoint, read one by one. Everything is checked first: on an error no parameter has
 * changed.
 *
 * @throws HeddleError `state-dict`, listing every missing and unexpected tensor and every wrong shape or dtype
 */
export async function assignWeights(
  names: readonly WeightName[],
  source: TensorSource,
  { mayBeUnused = () => false, replaceOptional = false }: AssignOptions = {},
): Promise<Assigned> {
  const { tensors } = source
  const known = new Set(names.map(({ name }) => name))
  const missing = names.filter(({ name, optional }) => !tensors.has(name) && !optional).map(({ name }) => name)
  const problems = missing.map((name) => `missing '${name}'`)
  const drawn = new Set(names.filter(({ name }) => !tensors.has(name)).map(({ name }) => name))
  const unused: string[] = []
  for (const name of tensors.keys()) {
    if (known.has(name)) continue
    if (mayBeUnused(name)) {
      unused.push(name)
      continue
    }
    const [near] = nearestNames(name, missing, 1)
    problems.push(`unexpected '${name}'${near === undefined ? '' : ` (is it '${near}'?)`}`)
  }
  for (const weight of names) {
    const tensor = tensors.get(weight.name)
    if (tensor === undefined) continue
    const expected = savedShape(weight)
    if (`${tensor.shape}` !== `${expected}`) {
      if (weight.optional && replaceOptional) drawn.add(weight.name)
      else {
        const hint = weight.optional ? ' (for another set of labels, give their number)' : ''
        problems.push(`'${weight.name}': expected [${expected}], got [${tensor.shape}]${hint}`)
      }
    } else if (!/^(F|BF)(16|32|64)$/.test(tensor.dtype)) {
      problems.push(`'${weight.name}': expected floats, got ${tensor.dtype}`)
    }
  }
  if (problems.length > 0) {
    throw new HeddleError(
      'state-dict',
      `Checkpoint: the weights do not fit its config.json: ${problems.join('; ')}. Check that both come from one folder.`,
    )
  }
  for (const weight of names) if (!drawn.has(weight.name)) assignWeight(weight, await source.read(weight.name))
  const drawnParameters = new Set(names.flatMap(({ name, parameters }) => (drawn.has(name) ? parameters : [])))
  return { drawn: [...drawn], drawnParameters, unused }
}

/** @param tensor as saved; its bytes are taken over */
function assignWeight({ parameters, transposed = false, leadingAxis = false }: WeightName, tensor: RawTensor): void {
  tf.tidy(() => {
    const shape = tensor.shape.slice(leadingAxis ? 1 : 0)
    const saved = tf.tensor(takeValues(tensor) as Float32Array, shape, 'float32')
    const whole = transposed ? tf.transpose(saved) : saved
    const parts = parameters.length === 1 ? [whole] : tf.split(whole, parameters.length, -1)
    for (const [i, parameter] of parameters.entries()) parameter.assign(parts[i]!)
  })
}

/** The tensors of a checkpoint, in float32. */
export async function weightTensors(names: readonly WeightName[]): Promise<Map<string, RawTensor>> {
  const tensors = new Map<string, RawTensor>()
  for (const weight of names) {
    const { name, parameters, transposed = false } = weight
    const whole = tf.tidy(() => {
      const values = parameters.map(({ value }) => value as tf.Tensor)
      const joined = values.length === 1 ? values[0]! : tf.concat(values, -1)
      return transposed ? tf.transpose(joined) : tf.clone(joined)
    })
    tensors.set(name, floatTensor(savedShape(weight), (await whole.data()) as Float32Array))
    whole.dispose()
  }
  return tensors
}

function savedShape({ parameters, transposed = false, leadingAxis = false }: WeightName): number[] {
  const { shape } = parameters[0]!
  const joined = [...shape.slice(0, -1), shape.at(-1)! * parameters.length]
  if (leadingAxis) return [1, ...joined]
  return transposed ? joined.reverse() : joined
}
