import { NgramModel } from '@heddle/ngram'
import type { Baseline } from '../run/recipe.ts'
import { languageModelScores, sizeOfTexts } from './language-model-scores.ts'
import type { LanguageModelingPipeline } from './language-modeling.ts'
import { type TextExample, textsOf } from './text-example.ts'

/** Bytes of a text that is read in parts that are counted. */
const COUNTED = 2 ** 22

/**
 * Baseline: the n-gram model of the best order, on the same tokens.
 *
 * The order is the one with the lowest loss on the validation part. Without a test part, or without one for
 * validation, the result is of that same part: the baseline is then slightly better than on unseen text, never worse.
 *
 * Of a text that is larger than memory 4 MiB are counted, from all over it.
 *
 * @param lowest orders are tried from here on, until one is worse than the one before
 */
export const bestNgram =
  (lowest: number, highest: number): Baseline<TextExample, LanguageModelingPipeline> =>
  async ({ train, validation, heldOut, pipeline: { encode, vocabSize }, signal }) => {
    const unseen = await textsOf(heldOut)
    const known = await encode(await textsOf(train, COUNTED), { signal })
    const judged = await encode(unseen, { signal })
    const tuning = validation.length > 0 ? await encode(await textsOf(validation), { signal }) : judged
    let best: { model: NgramModel; loss: number } | undefined
    for (let order = lowest; order <= highest; order++) {
      const model = await NgramModel.fromStreamAsync(known, { order, vocabSize, signal })
      const loss = -(await model.evaluateAsync([tuning], { signal })).logProbability / tuning.length
      if (best !== undefined && loss >= best.loss) break
      best = { model, loss }
    }
    const { model } = best!
    const { logProbability, numTokens } = await model.evaluateAsync([judged], { signal })
    const { characters: _, ...scores } = languageModelScores(
      -logProbability / numTokens,
      sizeOfTexts(unseen, numTokens),
    )
    return { ...scores, order: model.order }
  }
