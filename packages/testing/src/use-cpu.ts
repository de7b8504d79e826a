import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Makes the plain JavaScript backend the current one, without tfjs's banner and with its check that no operation leaks. Call it
 * in `beforeAll`.
 */
export async function useCpu(): Promise<void> {
  tf.env().set('IS_TEST', true)
  await tf.setBackend('cpu')
}
