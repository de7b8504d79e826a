import { NgramModel } from '@heddle/ngram'
import type { Baseline } from '../run/recipe.ts'
import { languageModelScores, sizeOfTexts } from './language-model-scores.ts'
import type { LanguageModelingPipeline } from './language-modeling.ts'

/**
 * Baseline: the n-gram model of the best order, on the same tokens.
 *
 * The order is the one with the lowest loss on the validation part. Without a test part, or without one for
 * validation, the result is of that same part: the baseline is then slightly better than on unseen text, never worse.
 *
 * @param lowest orders are tried from here on, until one is worse than the one before
 */
export const bestNgram =
  (lowest: number, highest: number): Baseline<string, LanguageModelingPipeline> =>
  ({ train, validation, heldOut, pipeline: { encode, vocabSize } }) => {
    const [known, tuning] = [encode(train), encode(validation.length > 0 ? validation : heldOut)]
    let best: { model: NgramModel; loss: number } | undefined
    for (let order = lowest; order <= highest; order++) {
      const model = NgramModel.fromStream(known, { order, vocabSize })
      const loss = -model.logProbability(tuning) / tuning.length
      if (best !== undefined && loss >= best.loss) break
      best = { model, loss }
    }
    const { model } = best!
    const { logProbability, numTokens } = model.evaluate([encode(heldOut)])
    const { characters: _, ...scores } = languageModelScores(
      -logProbability / numTokens,
      sizeOfTexts(heldOut, numTokens),
    )
    return { ...scores, order: model.order }
  }
