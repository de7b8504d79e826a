import { parseConfig } from '@heddle/core'
import {
  type BuildContext,
  type ConditionalRandomField,
  Dropout,
  dropoutRate,
  Embedding,
  embedding,
  featureCount,
  labelScoring,
  layerCount,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  tokenInput,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { pool } from '../pooling.ts'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'
import { RecurrentTagger } from './tagger.ts'

// B batch, T words of a sentence, W different words of the batch, L letters of a word, K attributes of a word, A attribute vector,
// E word vector, H letter state, C labels

export const wordTaggerConfig = z.strictObject({
  input: z
    .strictObject({
      vocabSize: z.int().min(1).describe('number of words that have a vector of their own'),
      numLetters: z.int().min(1).describe('number of different letters'),
      attributes: tokenInput.shape.attributes,
    })
    .describe('size of the data: { vocabSize, numLetters, attributes }'),
  numLabels: z.int().min(1).describe('number of different labels'),
  wordSize: featureCount.default(100).describe('size of a word vector'),
  letterSize: featureCount.default(48).describe('size of a letter vector'),
  spellingSize: featureCount
    .default(64)
    .describe('size of the hidden state that reads the letters of a word, in each direction'),
  attributeSize: featureCount
    .default(32)
    .describe('size of the vector of each lexical attribute, such as the end of a word, where the data have them'),
  hiddenSize: featureCount
    .default(128)
    .describe('size of the hidden state that reads the words of a sentence, in each direction'),
  numLayers: layerCount.default(1).describe('number of recurrent layers over words'),
  cell: cellSpec.default('lstm'),
  dropout: dropoutRate('letters, words, between layers, before the output'),
  scoring: labelScoring,
})
export type WordTaggerConfig = z.input<typeof wordTaggerConfig>

/**
 * A label for every word of a sentence. A word is represented by a vector of its own and by the last states of a bidirectional
 * network over its letters, so that an unknown word is known by its spelling; and by vectors of lexical attributes, such as its
 * beginnings and ends, where the data have them.
 *
 * Each different word of a batch is spelled once.
 *
 * @see Ling et al. 2015, "Finding function in form: compositional character models for open vocabulary word representation";
 * Plank et al. 2016, "Multilingual part-of-speech tagging with bidirectional long short-term memory models and auxiliary loss";
 * Ratnaparkhi 1996, "A maximum entropy model for part-of-speech tagging", for the attributes
 */
export class WordTagger extends Module {
  readonly words: Embedding // [vocabSize, E]
  readonly letters: Embedding // [numLetters, letterSize]
  readonly spelling: Recurrent
  readonly tagger: RecurrentTagger
  readonly dropout: Dropout
  readonly attributes?: Embedding // [numAttributes, A]
  /** Tells the task that the model reads the letters of words besides their ids. */
  readonly readsSpelling = true

  constructor(config: WordTaggerConfig, context: BuildContext) {
    super()
    const {
      input,
      numLabels,
      wordSize,
      letterSize,
      spellingSize,
      attributeSize,
      hiddenSize,
      numLayers,
      cell,
      dropout,
      scoring,
    } = parseConfig('WordTagger', wordTaggerConfig, config)
    const { rng } = context
    this.words = new Embedding({ numEmbeddings: input.vocabSize, embeddingSize: wordSize, standardDeviation: 0.5 }, rng)
    this.letters = new Embedding({ numEmbeddings: input.numLetters, embeddingSize: letterSize }, rng)
    const stack = { inputSize: letterSize, hiddenSize: spellingSize, bidirectional: true, cell }
    this.spelling = recurrentStack(stack, context)
    const attributeSizes = input.attributes === undefined ? 0 : input.attributes.perWord * attributeSize
    const features = { featureSize: wordSize + 2 * spellingSize + attributeSizes }
    const sizes = { input: features, numLabels, hiddenSize, numLayers }
    this.tagger = new RecurrentTagger({ ...sizes, cell, dropout, scoring }, context)
    this.dropout = new Dropout({ rate: dropout }, rng)
    if (input.attributes !== undefined) {
      const table = {
        numEmbeddings: input.attributes.numAttributes,
        embeddingSize: attributeSize,
        standardDeviation: 0.5,
      }
      this.attributes = new Embedding(table, rng)
    }
  }

  /** Capability: scores the labels of a sequence together. */
  get crf(): ConditionalRandomField | undefined {
    return this.tagger.crf
  }

  /** Capability: the part that takes one step for each word; another one reads letters. */
  get reader(): RecurrentTagger {
    return this.tagger
  }

  /**
   * @param spellings letters of each different word, [W, L], int32
   * @param letterCounts number of letters of each, [W], int32
   * @param wordIds id of each, [W], int32
   * @param places which of the different words stands at each place, [B, T], int32
   * @param lengths number of words in each sentence, [B], int32
   * @param attributes lexical attributes of each different word, [W, K], int32; for a model that reads them
   * @returns logits [B, T, C]; those past a length have no meaning
   */
  override forward(
    spellings: tf.Tensor,
    letterCounts: tf.Tensor,
    wordIds: tf.Tensor,
    places: tf.Tensor,
    lengths: tf.Tensor,
    attributes?: tf.Tensor,
  ): { logits: tf.Tensor } {
    const letters = this.dropout.forward(this.letters.forward(spellings)) // [W, L, letterSize]
    const read = this.spelling.forward(letters, { lengths: letterCounts })
    const spelled = pool('last', read, 2) // [W, 2·H]
    const known = [this.words.forward(wordIds), spelled]
    if (this.attributes !== undefined) {
      known.push(tf.reshape(this.attributes.forward(attributes!), [wordIds.shape[0]!, -1])) // [W, K·A]
    }
    const x = embedding(places, tf.concat(known, 1)) // [B, T, E + 2·H + K·A]
    return this.tagger.forward(x, lengths)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { wordTagger } = await import('../pytorch/models.ts')
    return wordTagger(this, source)
  }
}
