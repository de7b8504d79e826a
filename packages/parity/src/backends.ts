import { HeddleError } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'

/** Makes a backend the current one. */
export async function useBackend(name: string): Promise<void> {
  if (name === 'cpu') return useCpu()
  if (name !== 'wasm') {
    throw new HeddleError('usage', `HEDDLE_BACKEND: expected 'cpu' or 'wasm', got '${name}'.`)
  }
  const kernels = (await import('@heddle/kernels')) as { useWasm(): Promise<unknown> }
  await kernels.useWasm()
  await tf.ready()
}

/** The backends to check: the one that `HEDDLE_BACKEND` names, or both. */
export function backendNames(): readonly string[] {
  const named = process.env['HEDDLE_BACKEND']
  return named === undefined || named === '' ? ['cpu', 'wasm'] : [named]
}
