import { bitsPerCharacter, perplexity } from '@heddle/metrics'
import { NgramModel } from '@heddle/ngram'
import { corpusFiles, corpusIds, corpusTokenizer } from '../char-lm/text-corpus.ts'
import { heldOut } from '../dataset.ts'
import type { Dataset } from '../recipe.ts'

/**
 * What the n-gram model of the best order reaches on the held-out part of a text.
 *
 * The order is the one with the lowest loss on the validation part, which is also what is reported where there is no test part:
 * the baseline then is a little better than it would be on unseen text, never worse.
 *
 * @param orders the lowest and the highest that are tried, from the lowest on until one is worse than the one before
 */
export async function ngramBaseline(
  dataset: Dataset<string>,
  orders: { readonly lowest: number; readonly highest: number },
): Promise<Record<'loss' | 'bitsPerCharacter' | 'perplexity' | 'order', number>> {
  const tokenizer = corpusTokenizer(corpusFiles(dataset.train))
  const { vocabSize } = tokenizer
  const train = corpusIds(tokenizer, dataset.train)
  const validation = corpusIds(tokenizer, dataset.validation)
  let best: { model: NgramModel; loss: number } | undefined
  for (let order = orders.lowest; order <= orders.highest; order++) {
    const model = NgramModel.fromStream(train, { order, vocabSize })
    const loss = -model.logProbability(validation) / validation.length
    if (best !== undefined && loss >= best.loss) break
    best = { model, loss }
  }
  const { model } = best!
  const { logProbability, numTokens } = model.evaluate([corpusIds(tokenizer, heldOut(dataset).examples)])
  return {
    loss: -logProbability / numTokens,
    bitsPerCharacter: bitsPerCharacter(-logProbability, numTokens),
    perplexity: perplexity(-logProbability, numTokens),
    order: model.order,
  }
}
