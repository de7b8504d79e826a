import * as tf from '@tensorflow/tfjs-core'

export type BackendName = 'wasm' | 'cpu'
export const BACKENDS: readonly BackendName[] = ['wasm', 'cpu']

export interface BackendOptions {
  readonly backend: BackendName
  readonly threads?: number | undefined
}

/** Starts the backend and describes it in one line. */
export async function startBackend({ backend, threads }: BackendOptions, log: (line: string) => void): Promise<string> {
  if (backend === 'cpu') {
    await import('@tensorflow/tfjs-backend-cpu')
    // Keeps tfjs from advertising another package of its own.
    tf.env().set('IS_TEST', true)
    await tf.setBackend('cpu')
    return 'cpu (plain JavaScript)'
  }
  // Loaded only when needed: 'heddle list' and mistakes in the arguments answer at once.
  const { useWasm } = await import('@heddle/kernels')
  const { variant, threads: used, revectorized } = await useWasm({ ...(threads !== undefined && { threads }), log })
  return `wasm (${variant}, ${used} thread${used === 1 ? '' : 's'}${revectorized ? ', revectorized' : ''})`
}
