import * as tf from '@tensorflow/tfjs-core'

interface Attributes {
  readonly learningRates: number[]
  readonly weightDecays: number[]
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly step: number
  readonly gradientScale: number
}

/** A kernel that works in place, as the WASM backend's does, on the plain backend's arrays. */
function inPlaceAdam({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo[] {
  const { learningRates, weightDecays, beta1, beta2, epsilon, step, gradientScale } = attrs as unknown as Attributes
  const list = Object.values(inputs) as tf.TensorInfo[]
  const n = list.length / 4
  const data = (i: number) => (backend as unknown as { readSync(id: object): Float32Array }).readSync(list[i]!.dataId)
  for (let i = 0; i < n; i++) {
    const [w, g, m, v] = [data(i), data(n + i), data(2 * n + i), data(3 * n + i)]
    for (let j = 0; j < w!.length; j++) {
      const gradient = g![j]! * gradientScale
      m![j] = beta1 * m![j]! + (1 - beta1) * gradient
      v![j] = beta2 * v![j]! + (1 - beta2) * gradient * gradient
      const denominator = Math.sqrt(v![j]!) / Math.sqrt(1 - beta2 ** step) + epsilon
      w![j] =
        w![j]! * (1 - learningRates[i]! * weightDecays[i]!) -
        (learningRates[i]! / (1 - beta1 ** step)) * (m![j]! / denominator)
    }
  }
  return []
}

/** Gives the plain backend the kernel for as long as `body` runs; returns how often it was called. */
export async function withInPlaceAdam(body: () => void | Promise<void>): Promise<number> {
  let calls = 0
  tf.registerKernel({
    kernelName: 'HeddleAdamW',
    backendName: 'cpu',
    kernelFunc: (parameters) => {
      calls++
      return inPlaceAdam(parameters)
    },
  })
  try {
    await body()
  } finally {
    tf.unregisterKernel('HeddleAdamW', 'cpu')
  }
  return calls
}
