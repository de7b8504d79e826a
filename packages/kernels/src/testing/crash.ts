/**
 * A program of its own: lets a worker thread crash, by a trap in WebAssembly or by its end, and prints what the next
 * operation throws.
 *
 * usage: node --conditions=source crash.ts trap|exit
 */

import { syncBuiltinESMExports } from 'node:module'
import workers, { type WorkerOptions } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'
import { Control } from '../generated/exports.ts'
import { useWasm } from '../use-wasm.ts'

const UNKNOWN_JOB = 99

const started: { worker: workers.Worker; data: { memory: WebAssembly.Memory; control: number } }[] = []
const { Worker } = workers
workers.Worker = class extends Worker {
  constructor(source: string | URL, options: WorkerOptions) {
    super(source, options)
    started.push({ worker: this, data: options.workerData })
  }
}
syncBuiltinESMExports()

console.log(JSON.stringify(await useWasm({ threads: 2 })))
const a = tf.randomNormal([256, 256])
tf.matMul(a, a).dispose()
const [{ worker, data }] = started as [(typeof started)[number]]
if (process.argv[2] === 'exit') await worker.terminate()
else {
  const words = new Int32Array(data.memory.buffer, data.control)
  words[Control.JOB / 4] = UNKNOWN_JOB
  words[Control.NEXT / 4] = 0
  words[Control.SERIAL / 4]! += 1
  Atomics.store(words, Control.STATE / 4, 0)
  Atomics.add(words, Control.GENERATION / 4, 1)
  Atomics.notify(words, Control.GENERATION / 4)
}
await new Promise((resolve) => setTimeout(resolve, 200))
try {
  tf.matMul(a, a)
  console.log('no error')
} catch (error) {
  console.log(`${(error as { code?: string }).code}: ${(error as Error).message}`)
}
