/**
 * A program of its own: fills the memory of the backend but for a little, tries every way to make a tensor, and checks that each
 * is refused, that no tensor that is held changes, and that work goes on once there is room again.
 *
 * usage: node --conditions=source exhaustion.ts '{"threads": 1}'
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { type UseWasmOptions, useWasm } from '../use-wasm.ts'

const MEBI = 2 ** 20

console.log(JSON.stringify(await useWasm(JSON.parse(process.argv[2] ?? '{}') as UseWasmOptions)))
const backend = tf.backend() as unknown as BackendWasm
const guards = Array.from({ length: 500 }, (_, i) => tf.fill([64], i))
const small = tf.tensor1d([0, 1, 2], 'int32')
const row = tf.ones([1, 64])
const column = tf.ones([8192, 1])
const values = new Float32Array(MEBI / 2).fill(7)

// Untouched pages cost nothing: only the addresses are used up.
const held: tf.TensorInfo[] = []
for (const bytes of [1024 * MEBI, 64 * MEBI, MEBI]) {
  try {
    for (;;) held.push(backend.makeOutput([bytes / 4], 'float32'))
  } catch (error) {
    if ((error as { code?: string }).code !== 'backend') throw error
  }
}

const attempts: Readonly<Record<string, () => tf.Tensor>> = {
  tensor1d: () => tf.tensor1d(values),
  zeros: () => tf.zeros([MEBI / 2]),
  ones: () => tf.ones([MEBI / 2]),
  fill: () => tf.fill([MEBI / 2], 3),
  oneHot: () => tf.oneHot(small, MEBI / 4),
  pad: () =>
    tf.pad(row, [
      [0, 8192],
      [0, 64],
    ]),
  range: () => tf.range(0, MEBI / 2),
  tile: () => tf.tile(row, [8192, 1]),
  add: () => tf.add(row, column),
  matMul: () => tf.matMul(column, row),
  cast: () => tf.cast(tf.matMul(column, row), 'int32'),
  resize: () => tf.image.resizeBilinear(tf.reshape<tf.Rank.R4>(row, [1, 8, 8, 1]), [1024, 1024]),
  concat: () => tf.concat(Array.from({ length: 16384 }, () => row)),
  randomUniform: () => tf.randomUniform([MEBI / 2]),
}
const before = backend.numDataIds()
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    tf.tidy(() => void attempt())
    console.log(`${name}: no error`)
  } catch (error) {
    console.log(`${name}: ${(error as { code?: string }).code}, ${/no memory left/.test((error as Error).message)}`)
  }
}
console.log(`left behind: ${backend.numDataIds() - before}`)
const damaged = guards.filter((tensor, i) => tensor.dataSync().some((value) => value !== i))
console.log(`damaged: ${damaged.length} of ${guards.length}`)
console.log(`still works: ${tf.sum(tf.add(small, 1)).dataSync()[0]}`)
for (const tensor of held) backend.disposeData(tensor.dataId)
console.log(`room again: ${tf.sum(tf.matMul(column, row)).dataSync()[0]}`)
