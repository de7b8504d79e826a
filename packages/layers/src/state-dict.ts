import {
  floatTensor,
  HeddleError,
  nearestNames,
  type RawTensor,
  type TensorSource,
  takeValues,
  tensorValues,
} from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from './parameter.ts'
import { namedParameters } from './tree.ts'

/** Weights by path, as bytes, as in a safetensors file. */
export type StateDict = Map<string, RawTensor>

/** Reads the values of every parameter below `root`. */
export async function stateDict(root: object): Promise<StateDict> {
  const state: StateDict = new Map()
  for (const [path, parameter] of namedParameters(root)) {
    state.set(path, floatTensor(parameter.shape, (await parameter.value.data()) as Float32Array))
  }
  return state
}

export interface LoadOptions {
  /** Whether every parameter must be given and every given tensor used (default true). */
  readonly strict?: boolean
  /** Maps a given name to the path of a parameter; undefined leaves the tensor out. */
  readonly rename?: (name: string) => string | undefined
}

/**
 * Sets the parameters below `root` from `state`. Everything is checked first: on an error no parameter has changed.
 *
 * @returns paths that are missing in `state`, and names in it that no parameter has (both empty when strict)
 * @throws HeddleError `state-dict`, listing every missing and unexpected name and every wrong shape
 */
export function loadStateDict(
  root: object,
  state: ReadonlyMap<string, RawTensor>,
  options: LoadOptions = {},
): { missing: string[]; unexpected: string[] } {
  const { assignments, ...rest } = matchTensors('loadStateDict', root, state, options)
  for (const { name, parameter } of assignments) {
    const tensor = state.get(name)!
    setValues(parameter, tensor.shape, tensorValues(tensor) as Float32Array)
  }
  return rest
}

/**
 * As {@link loadStateDict}, from tensors that are read one by one: the weights are in memory once, and the largest of them twice. When
 * reading fails halfway, the parameters that were set are freed.
 */
export async function loadWeights(
  root: object,
  source: TensorSource,
  options: LoadOptions = {},
): Promise<{ missing: string[]; unexpected: string[] }> {
  const { assignments, ...rest } = matchTensors('loadWeights', root, source.tensors, options)
  try {
    for (const { name, parameter } of assignments) {
      const tensor = await source.read(name)
      setValues(parameter, tensor.shape, takeValues(tensor) as Float32Array)
    }
  } catch (error) {
    for (const { parameter } of assignments) parameter.dispose()
    throw error
  }
  return rest
}

function setValues(parameter: Parameter, shape: readonly number[], values: Float32Array): void {
  const loaded = tf.tensor(values, [...shape], 'float32')
  parameter.assign(loaded)
  loaded.dispose()
}

/** The parameters that the tensors are for. */
function matchTensors(
  where: string,
  root: object,
  tensors: TensorSource['tensors'],
  { strict = true, rename = (name) => name }: LoadOptions,
) {
  const parameters = new Map(namedParameters(root))
  const given = new Map<string, { readonly name: string; readonly parameter: Parameter }>()
  const unexpected: string[] = []
  const problems: string[] = []
  for (const [name, tensor] of tensors) {
    const path = rename(name)
    if (path === undefined) continue
    const parameter = parameters.get(path)
    if (parameter === undefined) {
      unexpected.push(name)
    } else if (given.has(path)) {
      problems.push(`'${name}' is a second tensor for '${path}'`)
    } else {
      given.set(path, { name, parameter })
      if (tensor.shape.length !== parameter.shape.length || tensor.shape.some((n, i) => n !== parameter.shape[i])) {
        problems.push(`'${name}': expected [${parameter.shape}], got [${tensor.shape}]`)
      } else if (!/^(F|BF)\d/.test(tensor.dtype)) {
        problems.push(`'${name}': expected floats, got ${tensor.dtype}`)
      }
    }
  }
  const missing = [...parameters.keys()].filter((path) => !given.has(path))
  if (strict) {
    problems.push(...missing.map((path) => `missing '${path}'`))
    problems.push(
      ...unexpected.map((name) => {
        const near = nearestNames(name, missing, 1)
        return `unexpected '${name}'${near.length > 0 ? ` (is it '${near[0]}'?)` : ''}`
      }),
    )
  }
  if (problems.length > 0) {
    throw new HeddleError(
      'state-dict',
      `${where}: the weights do not fit the model: ${problems.join('; ')}. Load them into a model of the config that they were saved with.`,
    )
  }
  return { assignments: [...given.values()], missing, unexpected }
}
