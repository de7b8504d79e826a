import * as tf from '@tensorflow/tfjs-core'

export interface ProfileRow {
  readonly kernel: string
  readonly calls: number
  readonly ms: number
}

/**
 * Times every kernel of the current backend while `body` runs `runs` times. The last row is the rest: autodiff, bookkeeping and
 * other work between kernels. Kernels that call other kernels count only their own time.
 */
export async function profileKernels(body: () => Promise<void> | void, runs: number): Promise<ProfileRow[]> {
  const backendName = tf.getBackend()
  const rows = new Map<string, { calls: number; ms: number }>()
  const originals = tf.getKernelsForBackend(backendName)
  let inner = 0
  for (const config of originals) {
    tf.unregisterKernel(config.kernelName, backendName)
    tf.registerKernel({
      ...config,
      kernelFunc: (parameters) => {
        const outerInner = inner
        inner = 0
        const start = performance.now()
        try {
          return config.kernelFunc(parameters)
        } finally {
          const elapsed = performance.now() - start
          const row = rows.get(config.kernelName) ?? { calls: 0, ms: 0 }
          row.calls++
          row.ms += elapsed - inner
          rows.set(config.kernelName, row)
          inner = outerInner + elapsed
        }
      },
    })
  }
  const start = performance.now()
  try {
    for (let i = 0; i < runs; i++) await body()
  } finally {
    for (const config of originals) {
      tf.unregisterKernel(config.kernelName, backendName)
      tf.registerKernel(config)
    }
  }
  const total = performance.now() - start
  const list = [...rows]
    .map(([kernel, { calls, ms }]) => ({ kernel, calls: calls / runs, ms: ms / runs }))
    .sort((a, b) => b.ms - a.ms)
  const inKernels = list.reduce((sum, row) => sum + row.ms, 0)
  return [...list, { kernel: '(rest)', calls: 1, ms: total / runs - inKernels }]
}

/** Formats the profile as a table, longest first. */
export function formatProfile(rows: readonly ProfileRow[]): string {
  const total = rows.reduce((sum, row) => sum + row.ms, 0)
  const line = (kernel: string, calls: string, ms: string, share: string) =>
    `${kernel.padEnd(32)}${calls.padStart(10)}${ms.padStart(12)}${share.padStart(9)}`
  return [
    line('kernel', 'calls', 'ms a run', 'share'),
    ...rows.map(({ kernel, calls, ms }) =>
      line(kernel, calls.toFixed(1), ms.toFixed(3), `${((ms / total) * 100).toFixed(1)} %`),
    ),
    line('total', '', total.toFixed(3), '100 %'),
  ].join('\n')
}
