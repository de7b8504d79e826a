/**
 * A program of its own: tries random calls of all registered kernels on guarded memory and prints how many, and every
 * fault that it finds.
 *
 * usage: node --conditions=source fuzz.ts [--seconds 10] [--seed 1] [--threads 1] [--kernels Add,Sum] [--faults 1]
 */
import '@tensorflow/tfjs-backend-cpu'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { useWasm } from '../../use-wasm.ts'
import { arrayCases } from './array-cases.ts'
import { elementwiseCases, type Generator } from './elementwise-cases.ts'
import { GuardedMemory } from './guarded-memory.ts'
import { imageCases } from './image-cases.ts'
import { indexCases } from './index-cases.ts'
import { networkCases } from './network-cases.ts'
import { Random } from './random.ts'
import { runCase } from './run-case.ts'
import { windowCases } from './window-cases.ts'

/** Kernels of strings, which lie outside of the memory, and gradients that only run behind their forward pass. */
const LEFT_OUT = new Set(['StringNGrams', 'StringSplit', 'StringToHashBucketFast', 'HeddleCrossEntropyGradient'])
for (const name of [
  'AttentionGradient',
  'AdditiveGruDecoderGradient',
  'NormalizeGradient',
  'LinearsInputGradient',
  'FeedForwardGradient',
])
  LEFT_OUT.add(`Heddle${name}`)
for (const name of ['RecurrentGradient', 'RecurrentInputGradient']) LEFT_OUT.add(`Heddle${name}`)
for (const name of ['Input', 'Weight', 'Bias']) LEFT_OUT.add(`HeddleLinear${name}Gradient`)

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1' },
    kernels: { type: 'string', default: '' },
    faults: { type: 'string', default: '1' },
  },
})

const generators: Readonly<Record<string, Generator>> = {
  ...elementwiseCases,
  ...arrayCases,
  ...indexCases,
  ...imageCases,
  ...windowCases,
  ...networkCases,
}

console.warn = () => {}
const description = await useWasm({ threads: Number(options.threads) })
const wasm = tf.backend() as unknown as BackendWasm
await tf.setBackend('cpu')
const cpu = tf.backend() as never
await tf.setBackend('wasm')
const memory = new GuardedMemory(wasm)
console.log(JSON.stringify(description))

const registered = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName)
const wanted = options.kernels === '' ? undefined : new Set(options.kernels.split(','))
const names = registered.filter((name) => !LEFT_OUT.has(name) && (wanted?.has(name) ?? true)).sort()
const missing = names.filter((name) => generators[name] === undefined)
if (missing.length > 0) console.log(`fault: no generator for ${missing.join(', ')}`)

// A kernel that never returns is ended, and named, by another thread.
const WAIT_SECONDS = 20
const beat = new Int32Array(new SharedArrayBuffer(8))
const watch = `const { workerData: { beat, names, seconds } } = require('node:worker_threads')
let seen = -1
setInterval(() => {
  if (beat[0] === seen) {
    require('node:fs').writeSync(1, 'fault: ' + names[beat[1]] + ' does not return, case ' + seen + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  seen = beat[0]
}, seconds * 1000)`
new Worker(watch, { eval: true, workerData: { beat, names, seconds: WAIT_SECONDS } }).unref()

const counts = { equal: 0, refused: 0, unchecked: 0 }
const faultsOf = new Map<string, number>()
const tried = names.filter((name) => generators[name] !== undefined)
const end = performance.now() + Number(options.seconds) * 1000
for (let i = 0; performance.now() < end && tried.length > 0; i++) {
  const name = tried[i % tried.length]!
  beat[0] = i
  beat[1] = names.indexOf(name)
  const seed = Number(options.seed) * 1_000_003 + i
  const given = generators[name]!(new Random(seed))
  try {
    counts[runCase(name, given, { wasm, cpu, memory })]++
  } catch (error) {
    const faults = faultsOf.get(name) ?? 0
    faultsOf.set(name, faults + 1)
    if (faults < Number(options.faults)) {
      const { message, name: kind } = error as Error
      console.log(`fault: ${name}, case ${seed}: ${kind}: ${message}\n  ${JSON.stringify(given).slice(0, 700)}`)
    }
  }
}
const total = counts.equal + counts.refused + counts.unchecked
console.log(`${total} calls of ${tried.length} kernels: ${JSON.stringify(counts)}, seed ${options.seed}`)
if (faultsOf.size > 0) console.log(`faults: ${JSON.stringify(Object.fromEntries(faultsOf))}`)
process.exitCode = faultsOf.size + missing.length > 0 ? 1 : 0
