import { parseArgs } from 'node:util'
import { useWasm } from '@heddle/kernels'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { kernelCases } from './kernel-cases.ts'

const HELP = `Times Heddle's kernels and those of tfjs's WASM backend, in turns in one process: the shortest time of a call.

usage: pnpm bench kernels [NAME…] [--threads N] [--revectorize auto|on|off] [--exact] [--json]

  NAME           only kernels whose line contains this text, such as BatchMatMul or Conv2D
  --threads      threads of the kernels (default: 1)
  --revectorize  use the 256-bit vectors of V8 where there are any (default: auto)
  --exact        the same results on every machine, somewhat slower
  --json         print JSON lines`

/** `pnpm bench kernels`. */
export async function benchKernels(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      threads: { type: 'string', default: '1' },
      revectorize: { type: 'string', default: 'auto' },
      exact: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const stockKernels = new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]))
  const description = await useWasm({
    threads: Number(values.threads),
    revectorize: values.revectorize as 'auto' | 'on' | 'off',
    exact: values.exact,
  })
  const backend = tf.backend()
  if (!values.json) console.log(JSON.stringify(description))
  for (const { kernel, shapes, attrs = {}, flops } of kernelCases) {
    const name = `${kernel} ${Object.values(shapes)
      .map((shape) => shape.join('x'))
      .join(' ')} ${JSON.stringify(attrs)}`
    if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [key, tf.randomUniform([...shape], 0.1, 1)]),
    )
    // An operation of any number of tensors takes them as a list.
    const given = ('0' in inputs ? Object.values(inputs) : inputs) as tf.NamedTensorMap
    const run = (config: tf.KernelConfig) => () => config.kernelFunc({ inputs: given, attrs, backend })
    const stock = stockKernels.get(kernel)
    const [ours, theirs] = race(backend, [
      run(tf.getKernel(kernel, 'wasm')),
      ...(stock === undefined ? [] : [run(stock)]),
    ]) as [number, number?]
    const gflops = flops === undefined ? undefined : Math.round(flops / ours / 1e5) / 10
    const line = { name, us: Math.round(ours * 1e4) / 10, stockUs: theirs && Math.round(theirs * 1e4) / 10, gflops }
    if (values.json) console.log(JSON.stringify({ ...line, ...description }))
    else {
      const rate = gflops === undefined ? '' : `  ${gflops} GFLOP/s`
      console.log(
        `${name}: ${line.us} us, tfjs ${line.stockUs} us, ${((theirs ?? 0) / ours).toFixed(1)} times as fast${rate}`,
      )
    }
    tf.dispose(inputs)
  }
}

/** Returns the shortest time of each call in milliseconds, measured in turns. */
function race(backend: tf.KernelBackend, calls: readonly (() => tf.TensorInfo | tf.TensorInfo[])[]): number[] {
  const best = calls.map(() => Number.POSITIVE_INFINITY)
  const end = performance.now() + 300
  for (let round = 0; round < 5 || performance.now() < end; round++) {
    calls.forEach((call, i) => {
      const start = performance.now()
      const results = [call()].flat()
      best[i] = Math.min(best[i]!, performance.now() - start)
      for (const { dataId } of results) backend.disposeData(dataId)
    })
  }
  return best
}
