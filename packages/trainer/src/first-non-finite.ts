import { type Module, namedModules, namedParameters, namedStreams, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { evaluateBatch } from './loss-and-gradients.ts'
import type { Objective, ObjectiveContext } from './objective.ts'

/** Methods by which models run their parts. */
const METHODS = ['forward', 'step'] as const

/**
 * Names the place where numbers stop being finite: weights, or the first module whose output is not finite, or gradients. The
 * batch is computed once more, with the random streams put back afterwards.
 *
 * @param gradients of the batch
 * @returns a sentence for people
 */
export async function firstNonFinite<E, B>(
  model: Module,
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
  gradients: ReadonlyMap<Parameter, tf.Tensor>,
): Promise<string> {
  const named = namedParameters(model)
  const weights = await nonFinite(named.map(([path, { value }]) => [path, value]))
  if (weights.length > 0) return `The weights ${listed(weights)} are not finite.`
  const [module] = await nonFiniteOutputs(model, objective, examples, context)
  if (module !== undefined) return `The first module whose output was not finite is ${module}.`
  const paths = new Map(named.map(([path, parameter]) => [parameter, path]))
  const spoiled = await nonFinite([...gradients].map(([parameter, gradient]) => [paths.get(parameter)!, gradient]))
  if (spoiled.length > 0) return `Every module's output was finite; the gradients of ${listed(spoiled)} were not.`
  return "Every module's output was finite, and so was each gradient: the loss or the norm overflowed."
}

/** Modules whose outputs are not finite, innermost first, in the order in which they computed them. */
async function nonFiniteOutputs<E, B>(
  model: Module,
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
): Promise<string[]> {
  const outputs: [string, tf.Tensor][] = []
  const streams = [...namedStreams(model), ...namedStreams(objective)].map(
    ([, stream]) => [stream, stream.state()] as const,
  )
  const unwatch = namedModules(model).map(([path, module]) =>
    watch(module, (output) => outputs.push([`'${path || 'the model'}' (${module.constructor.name})`, output])),
  )
  try {
    tf.dispose(Object.values(evaluateBatch(objective, examples, context).scalars))
    return await nonFinite(outputs)
  } finally {
    for (const end of unwatch) end()
    for (const [stream, state] of streams) stream.restore(state)
    tf.dispose(outputs.map(([, output]) => output))
  }
}

/** Passes a scalar for each tensor that the module returns: 0 while all of its numbers are finite, NaN otherwise. */
function watch(module: Module, receive: (output: tf.Tensor) => void): () => void {
  const own = module as unknown as Record<string, (...inputs: unknown[]) => unknown>
  const watched = METHODS.filter((name) => typeof own[name] === 'function')
  const before = new Map(watched.filter((name) => Object.hasOwn(own, name)).map((name) => [name, own[name]!]))
  for (const name of watched) {
    const original = own[name]!
    own[name] = (...inputs) => {
      const result = original.apply(module, inputs)
      for (const tensor of tensorsIn(result)) receive(tf.keep(tf.tidy(() => zeroIfFinite(tensor))))
      return result
    }
  }
  return () => {
    for (const name of watched) {
      const original = before.get(name)
      if (original === undefined) delete own[name]
      else own[name] = original
    }
  }
}

function* tensorsIn(value: unknown): Generator<tf.Tensor> {
  if (value instanceof tf.Tensor) yield value
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const inner of Object.values(value)) yield* tensorsIn(inner)
  }
}

/** 0 when every number of `x` is finite, NaN otherwise; unlike a norm it never overflows. */
export const zeroIfFinite = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.cast(x, 'float32'), 0)) as tf.Scalar

/** The names of tensors with numbers that are not finite. */
async function nonFinite(named: readonly (readonly [string, tf.Tensor])[]): Promise<string[]> {
  if (named.length === 0) return []
  const checks = tf.tidy(() => tf.stack(named.map(([, tensor]) => zeroIfFinite(tensor))))
  const values = await checks.data()
  checks.dispose()
  return named.flatMap(([name], i) => (Number.isNaN(values[i]) ? [name] : []))
}

const listed = (names: readonly string[]) =>
  `${names
    .slice(0, 3)
    .map((name) => `'${name}'`)
    .join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
