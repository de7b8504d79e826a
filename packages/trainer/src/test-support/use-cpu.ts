import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

/** Sets the plain backend, quietly. */
export async function useCpu(): Promise<void> {
  tf.env().set('IS_TEST', true)
  await tf.setBackend('cpu')
}
