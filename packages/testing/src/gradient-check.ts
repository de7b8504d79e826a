import { RandomStream } from '@heddle/core'
import { enableGradients, namedParameters, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

export interface GradientCheckOptions {
  /** Also checks the parameters below this root. */
  readonly root?: object
  /** Half the distance of the two points that a difference is taken between (default 0.01). */
  readonly step?: number
  /** Largest difference allowed, in units of 1 + |gradient| (default 2e-3: what 32-bit floats leave of a difference). */
  readonly tolerance?: number
  /** Whether the function has kinks, such as a ReLU: a gradient may then be that of one side. */
  readonly kinks?: boolean
  /** Elements that are checked of each tensor, chosen by seed (default 12). */
  readonly elements?: number
}

type Outputs = tf.Tensor | readonly tf.Tensor[]

/**
 * Compares the gradients of Σ outputs ⊙ random numbers with central differences, for the float inputs and, with a `root`, for
 * its parameters.
 *
 * @param fn must give the same result for the same inputs
 * @returns the largest difference, in units of 1 + |gradient|
 * @throws Error that names the tensor and the element which differ by more than the tolerance
 */
export async function gradientCheck(
  fn: (...inputs: tf.Tensor[]) => Outputs,
  inputs: readonly tf.Tensor[],
  { root, kinks = false, step = kinks ? 1e-3 : 0.01, tolerance = 2e-3, elements = 12 }: GradientCheckOptions = {},
): Promise<number> {
  enableGradients()
  const rng = new RandomStream(20)
  const list = (outputs: Outputs) => (Array.isArray(outputs) ? outputs : [outputs as tf.Tensor]) as readonly tf.Tensor[]
  const cotangents = tf.tidy(() =>
    list(fn(...inputs)).map(({ shape, size }) => ({
      shape,
      values: Float32Array.from({ length: size }, () => rng.normal()),
    })),
  )

  /** In double precision, so that only what `fn` computes is rounded. */
  const lossAt = (at: readonly tf.Tensor[]) =>
    tf.tidy(() =>
      list(fn(...at)).reduce((sum, output, i) => {
        const values = output.dataSync()
        return cotangents[i]!.values.reduce((inner, cotangent, j) => inner + cotangent * values[j]!, sum)
      }, 0),
    )

  const floats = inputs.flatMap((input, i) => (input.dtype === 'float32' ? [i] : []))
  const parameters: [string, Parameter][] = root === undefined ? [] : namedParameters(root)
  const gradients = tf.tidy(() => {
    const { grads } = tf
      .engine()
      .gradients(
        () =>
          tf.addN(
            list(fn(...inputs)).map((output, i) =>
              tf.sum(tf.mul(output, tf.tensor(cotangents[i]!.values, cotangents[i]!.shape))),
            ),
          ) as tf.Scalar,
        [...floats.map((i) => inputs[i]!), ...parameters.map(([, parameter]) => parameter.value)],
        undefined,
        true,
      )
    return grads as tf.Tensor[]
  }) as (tf.Tensor | null)[]

  let worst = 0
  const check = (
    name: string,
    values: Float32Array,
    gradient: tf.Tensor | null | undefined,
    lossOf: (values: Float32Array) => number,
  ) => {
    const analytic = gradient?.dataSync()
    for (let n = 0; n < Math.min(elements, values.length); n++) {
      const j = elements < values.length ? rng.integer(values.length) : n
      const slope = (from: number, to: number) => {
        const [low, high] = [from, to].map((delta) => {
          const moved = values.slice()
          moved[j]! += delta
          return { x: moved[j]!, y: lossOf(moved) }
        })
        return (high!.y - low!.y) / (high!.x - low!.x)
      }
      const got = analytic?.[j] ?? 0
      const numeric = kinks ? nearestTo(got, slope(-step, 0), slope(0, step)) : slope(-step, step)
      const error = Math.abs(got - numeric) / (1 + Math.abs(numeric))
      worst = Math.max(worst, error)
      if (!(error <= tolerance)) {
        throw new Error(
          `gradientCheck: ${name}[${j}]: expected ${numeric} from differences, got ${got} from gradients.`,
        )
      }
    }
  }
  floats.forEach((i, n) => {
    const input = inputs[i]!
    check(`input ${i}`, input.dataSync<'float32'>().slice(), gradients[n], (values) =>
      tf.tidy(() => lossAt(inputs.map((other, k) => (k === i ? tf.tensor(values, input.shape) : other)))),
    )
  })
  parameters.forEach(([path, parameter], n) => {
    const before = parameter.value.dataSync<'float32'>().slice()
    const assign = (values: Float32Array) =>
      tf.tidy(() => parameter.assign(tf.tensor(values, [...parameter.shape], 'float32')))
    check(path, before, gradients[floats.length + n], (values) => {
      assign(values)
      return lossAt(inputs)
    })
    assign(before)
  })
  tf.dispose(gradients.filter((gradient) => gradient !== null))
  return worst
}

const nearestTo = (wanted: number, a: number, b: number) => (Math.abs(a - wanted) < Math.abs(b - wanted) ? a : b)
