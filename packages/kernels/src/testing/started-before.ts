/**
 * A program of its own: starts tfjs's wasm backend as one does without this package, then calls useWasm, and prints what
 * it says and a product.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { useWasm } from '../use-wasm.ts'

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))
setWasmPaths(`${join(folder, 'dist')}/`)
await tf.setBackend('wasm')
const early = tf.tensor2d([[1, 2]])
const messages: string[] = []
console.log(JSON.stringify(await useWasm({ threads: 2, log: (message) => messages.push(message) })))
console.log(messages.join('\n'))
console.log(tf.matMul(early, early, false, true).dataSync()[0])
