import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

type Matrix = number[][]

const turned = (X: Matrix): Matrix => X[0]!.map((_, j) => X.map((row) => row[j]!))
const product = (X: Matrix, Y: Matrix): Matrix => {
  const columns = turned(Y)
  return X.map((row) => columns.map((column) => row.reduce((sum, x, k) => sum + x * column[k]!, 0)))
}
const combine = (X: Matrix, Y: Matrix, f: (x: number, y: number) => number): Matrix =>
  X.map((row, i) => row.map((x, j) => f(x, Y[i]![j]!)))

/** X ← a·X + (b·G + c·G²)·X with G = X·Xᵀ, in double precision. */
function orthogonal(start: Matrix, steps: number): Matrix {
  const norm = Math.max(Math.sqrt(start.flat().reduce((sum, x) => sum + x * x, 0)), 1e-7)
  let X = start.map((row) => row.map((x) => x / norm))
  for (let i = 0; i < steps; i++) {
    const G = product(X, turned(X))
    const P = combine(G, product(G, G), (g, g2) => -4.775 * g + 2.0315 * g2)
    X = combine(X, product(P, X), (x, p) => 3.4445 * x + p)
  }
  return X
}

const momentum = 0.9

function expectedStep(w: Matrix, g: Matrix, m: Matrix, rate: number, decay: number, scale: number, steps: number) {
  const after = combine(m, g, (m, g) => momentum * m + (1 - momentum) * scale * g)
  const ahead = combine(after, g, (m, g) => momentum * m + (1 - momentum) * scale * g)
  return { w: combine(w, orthogonal(ahead, steps), (w, o) => decay * w - rate * o), m: after }
}

function run(tensors: readonly tf.Tensor[], rates: number[], decays: number[], gradientScale: number, steps: number) {
  const attributes = { momentum, newtonSchulzSteps: steps, rates, decays, gradientScale }
  fusedOp('HeddleMuon', tensors as never, attributes, () => expect.fail('the kernel is missing'))
}

describe('HeddleMuon', () => {
  it.each([1, 2, 5, 8])('updates many matrices in place as the formula says, with %s iterations', (steps) => {
    const shapes: [number, number][] = [
      ...[
        [1, 1],
        [4, 3],
        [16, 16],
        [33, 20],
        [20, 33],
        [70, 30],
        [30, 70],
        [0, 3],
        [5, 300],
        // Small and twice as long: rounding must not grow from one iteration to the next.
        [4, 10],
        [12, 3],
        [9, 2],
      ],
    ] as [number, number][]
    const rates = shapes.map((_, i) => 0.1 * (i + 1))
    const decays = shapes.map((_, i) => 1 - 0.05 * (i % 2))
    const make = testTensors(4)
    const groups = [0, 1, 2].map(() => shapes.map((shape) => make.normal(shape)))
    let matrices = groups.map((group) => group.map((tensor) => tensor.arraySync() as Matrix))
    for (const scale of [1, 0.25]) {
      run(groups.flat(), rates, decays, scale, steps)
      const results = shapes.map(([R], i) => {
        const [w, g, m] = matrices.map((group) => group[i]!) as [Matrix, Matrix, Matrix]
        return R === 0 ? { w, m } : expectedStep(w, g, m, rates[i]!, decays[i]!, scale, steps)
      })
      matrices = [results.map(({ w }) => w), matrices[1]!, results.map(({ m }) => m)]
    }
    groups.forEach((group, g) => {
      group.forEach((tensor, i) => {
        expectClose(tensor.dataSync(), matrices[g]![i]!.flat(), 2e-5)
      })
    })
    tf.dispose(groups)
  })

  it('keeps the sides of matrices that blocks of the product do not divide', () => {
    const make = testTensors(5)
    const tensors = [0, 1, 2].map(() => make.normal([40, 300]))
    const [w, g, m] = tensors.map((tensor) => tensor.arraySync() as Matrix) as [Matrix, Matrix, Matrix]
    run(tensors, [0.5], [1], 1, 3)
    expectClose(tensors[0]!.dataSync(), expectedStep(w, g, m, 0.5, 1, 1, 3).w.flat(), 1e-5)
    tf.dispose(tensors)
  })

  it('leaves a matrix without gradients where it is', () => {
    const tensors = [tf.ones([5, 7]), tf.zeros([5, 7]), tf.zeros([5, 7])]
    run(tensors, [1], [1], 1, 5)
    expect([...tensors[0]!.dataSync()]).toEqual(new Array(35).fill(1))
    tf.dispose(tensors)
  })

  it('refuses lists that do not fit, and shared memory', () => {
    tf.tidy(() => {
      const x = tf.ones([2, 3])
      expect(() => run([x, x], [1], [1], 1, 5)).toThrow(/expected 3 tensors and 1 decays for 1 rates/)
      expect(() => run([x, tf.ones([3, 2]), tf.ones([2, 3])], [1], [1], 1, 5)).toThrow(
        /expected gradient 0 float32 \[2,3\]/,
      )
      expect(() => run([tf.ones([6]), x, x], [1], [1], 1, 5)).toThrow(/expected parameter 0 float32 \[R, C\]/)
      const shared = tf.ones([2, 3])
      expect(() => run([shared, x, tf.reshape(shared, [2, 3])], [1], [1], 1, 5)).toThrow(/memory of its own/)
    })
  })
})
