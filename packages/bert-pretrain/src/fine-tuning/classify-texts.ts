import { periodicYield } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { encodeTexts, tokenTensors } from './encoded-texts.ts'
import type { EncoderModelWithLogits } from './recognize-entities.ts'

// B batch, C labels

/** Function that makes scores of logits: softmax over the labels, a sigmoid for each label, or as they are. */
export type ProblemType = 'single_label_classification' | 'multi_label_classification' | 'regression'

export interface ScoredLabel {
  readonly label: string
  readonly score: number
}

export interface ClassifyOptions {
  readonly labels: readonly string[]
  /** Largest number of tokens that the model reads; longer texts are cut. */
  readonly maxLength: number
  /** Default: one label of several; with a single label, its sigmoid. */
  readonly problemType?: ProblemType | undefined
  /** Number of texts at once (default 32). */
  readonly batchSize?: number
  /** Ends it within a batch, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Scores of all labels for each text or pair of texts, the best first. */
export async function classifyTexts(
  model: EncoderModelWithLogits,
  tokenizer: Tokenizer,
  texts: readonly (string | readonly [string, string])[],
  { labels, maxLength, problemType, batchSize = 32, signal }: ClassifyOptions,
): Promise<ScoredLabel[][]> {
  setTraining(model, false)
  const scored: ScoredLabel[][] = []
  const yieldNow = periodicYield(signal)
  for (let at = 0; at < texts.length; at += batchSize) {
    await yieldNow()
    const encodings = encodeTexts(tokenizer, texts.slice(at, at + batchSize), maxLength)
    const scores = tf.tidy(() => {
      const { ids, lengths, segments } = tokenTensors(encodings, tokenizer)
      return scoresOf(model.forward(ids, lengths, segments).logits, problemType)
    })
    try {
      for (const row of (await scores.array()) as number[][]) {
        const all = row.map((score, i) => ({ label: labels[i]!, score }))
        scored.push(all.sort((a, b) => b.score - a.score))
      }
    } finally {
      scores.dispose()
    }
  }
  return scored
}

/** @param logits [B, C] */
function scoresOf(logits: tf.Tensor, problemType: ProblemType | undefined): tf.Tensor {
  if (problemType === 'regression') return tf.clone(logits)
  const isSigmoid = problemType === 'multi_label_classification' || logits.shape.at(-1) === 1
  return isSigmoid ? tf.sigmoid(logits) : tf.softmax(logits)
}
