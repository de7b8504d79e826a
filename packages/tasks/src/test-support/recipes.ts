import { createRegistry, type Plugin } from '@heddle/core'
import { readTextPairs, readTexts } from '@heddle/data'
import * as z from 'zod'
import { languageModeling } from '../language-modeling/language-modeling.ts'
import { bestNgram } from '../language-modeling/ngram-baseline.ts'
import { recipe } from '../run/recipe.ts'
import { nearestText } from '../text-to-text/nearest-text.ts'
import { textToText } from '../text-to-text/text-to-text.ts'
import { plugins } from './registry.ts'

const WORDS = ['the', 'loom', 'and', 'thread', 'a', 'shuttle', 'of', 'wool']

/** Recipes that train in a moment. */
const testRecipes: Plugin = {
  name: 'test-recipes',
  contributes: [
    recipe({
      name: 'tiny-lm',
      summary: 'a language model of random words',
      task: languageModeling,
      data: {
        count: 1500,
        test: 0,
        format: 'a text file',
        builtIn({ count }, rng) {
          let text = ''
          while (text.length < count) text += `${rng.pick(WORDS)} `
          return [text.slice(0, count)]
        },
        read: (source) => readTexts(source),
      },
      defaults: {
        model: { type: 'recurrent-lm', embeddingSize: 6, hiddenSize: 12 },
        sampleLength: 20,
        training: { steps: 9, batchSize: 4, windowLength: 12, learningRate: 0.02, warmupSteps: 2, evaluateEvery: 3 },
      },
      baseline: bestNgram(1, 1),
    }),
    recipe({
      name: 'tiny-pairs',
      summary: 'words, to the same words in capitals',
      task: textToText,
      data: {
        count: 120,
        validation: 8,
        test: 10,
        fields: { shout: z.boolean().default(false).describe('whether targets end in an exclamation mark') },
        format: 'a TSV file: source, target',
        builtIn: ({ count, shout }, rng) =>
          Array.from({ length: count }, (_, i) => {
            const source = `${rng.pick(WORDS)} ${rng.pick(WORDS)} ${i}`
            return { source, target: source.toUpperCase() + (shout ? '!' : '') }
          }),
        read: (source) =>
          readTextPairs(source, { where: 'tiny-pairs', names: { source: ['source'], target: ['target'] } }),
      },
      defaults: {
        model: { type: 'recurrent-seq2seq', embeddingSize: 6, hiddenSize: 8, attention: 'additive', dropout: 0.1 },
        tokenizer: { units: 'words' },
        training: { steps: 6, batchSize: 8, warmupSteps: 1, evaluateEvery: 3 },
        decoding: { maxLength: 6 },
      },
      forData({ numTraining, settings }) {
        if (numTraining >= 1000) return {}
        return {
          model: { dropout: 0.4 },
          training: { steps: 2, labelSmoothing: 0.1 },
          ...(settings['tokenizer'] === undefined && { tokenizer: { units: 'subwords', vocabSize: 200 } }),
        }
      },
      baseline: nearestText,
    }),
  ],
}

export const withRecipes = createRegistry([...plugins, testRecipes])
