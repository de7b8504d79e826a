/** A program of its own: takes SharedArrayBuffer away, as some hosts do, and prints what useWasm says, and a product. */
import * as tf from '@tensorflow/tfjs-core'
import { useWasm } from '../use-wasm.ts'

Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
const messages: string[] = []
console.log(JSON.stringify(await useWasm({ threads: 2, log: (message) => messages.push(message) })))
console.log(messages.join('\n'))
const a = tf.tensor2d([[1, 2]])
console.log(tf.matMul(a, a, false, true).dataSync()[0])
