import type { RandomStream } from '@heddle/core'
import { withoutGradient } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { DecoderOutput, DecoderState, RecurrentDecoder } from './decoder.ts'
import { stackSteps } from './stack-steps.ts'

// B batch, T steps of the target, V vocabulary

/**
 * Decodes a known target, where each step reads the true token with probability `teacherForcing` and otherwise the token that
 * the step before found most likely.
 *
 * @param target [B, T], int32
 * @see Bengio et al. 2015, "Scheduled sampling for sequence prediction with recurrent neural networks"
 */
export function scheduledSampling(
  decoder: RecurrentDecoder,
  target: tf.Tensor,
  state: DecoderState,
  teacherForcing: number,
  rng: RandomStream,
): DecoderOutput {
  let last: tf.Tensor | undefined // logits of the step before, [B, V]
  const run = stackSteps(tf.unstack(target, 1), state, (truth, before) => {
    const tokens = last === undefined ? truth : mixed(truth, last, teacherForcing, rng)
    const { logits, attention, state } = decoder.step(tokens, before)
    last = logits
    return { outputs: { logits, ...(attention && { attention }) }, state }
  })
  return { ...run.outputs, state: run.state }
}

/**
 * The true token of a row with probability `teacherForcing`, else the most likely one.
 *
 * @param truth [B], int32
 * @param logits [B, V]
 */
function mixed(truth: tf.Tensor, logits: tf.Tensor, teacherForcing: number, rng: RandomStream): tf.Tensor {
  const given = Uint8Array.from({ length: truth.shape[0]! }, () => (rng.uniform() < teacherForcing ? 1 : 0))
  return withoutGradient(() =>
    tf.where(tf.tensor(given, truth.shape, 'bool'), truth, tf.cast(tf.argMax(logits, -1), 'int32')),
  )
}
