/** A program of its own, to be bundled into one file: starts the backend and prints a product. */
import * as tf from '@tensorflow/tfjs-core'
import { useWasm } from '../index.ts'

console.log(JSON.stringify(await useWasm({ threads: 2 })))
const a = tf.tensor2d([[1, 2]])
console.log(tf.matMul(a, a, false, true).dataSync()[0])
