import { collect, decode, type Sampler } from '@heddle/decoding'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { Abortable } from '../task/pipeline.ts'
import type { TextScore } from '../uses/score.ts'
import { placedTokens } from '../uses/text-tokens.ts'
import type { StepLanguageModel } from './continue-text.ts'

/** The text before the first token, as in continuing an empty text. */
const START = '\n'

/** The probability of each token of a text after those before it, for any model that can take a step. */
export async function scoreText(
  model: StepLanguageModel,
  tokenizer: Tokenizer,
  text: string,
  { signal }: Abortable = {},
): Promise<TextScore> {
  const { ids, tokens } = placedTokens(tokenizer, text)
  if (ids.length === 0) return { tokens, logProbabilities: [] }
  const logProbabilities: number[] = []
  const given: Sampler = { choose: (_, { generated }) => ids[generated]! }
  const state = tf.tidy(() => model.initialState(1) as tf.TensorContainer)
  try {
    const options = {
      prompt: tokenizer.encodeIds(START),
      batchSize: 1,
      maxLength: ids.length,
      ...(signal && { signal }),
    }
    await collect(
      decode(model, state as unknown, () => given, options, 'score'),
      ({ logProbability }) => {
        logProbabilities.push(logProbability)
      },
    )
  } finally {
    tf.dispose(state)
  }
  return { tokens, logProbabilities }
}
