import { englishKoreanPairs } from '@heddle/synthetic'
import { nearestText, pairedTexts, recipe, textToText } from '@heddle/tasks'

/** English to Korean on sentences of a small grammar, or any two languages from a file of pairs. */
export const translate = recipe({
  name: 'translate',
  summary: 'translation with a recurrent encoder-decoder and attention (built-in: English to Korean)',
  task: textToText,
  data: {
    count: 40_000,
    validation: 500,
    test: 1000,
    format: 'a TSV file: source, target, further columns are ignored; or JSON lines or CSV with fields of these names',
    builtIn: ({ count }, rng) => englishKoreanPairs(count, rng),
    ...pairedTexts('translate', { source: ['source'], target: ['target'] }),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 128, hiddenSize: 192, attention: 'additive' },
    tokenizer: { units: 'words', vocabSize: 16_000 },
    batchBy: 'pair',
    training: { steps: 900, batchSize: 96, learningRate: 5e-3, warmupSteps: 50, evaluateEvery: 300 },
    decoding: { maxLength: 60 },
    metrics: ['exactMatch', 'chrf', 'bleu'],
  },
  expected: { exactMatch: 0.97 },
  // Most words of a few thousand pairs occur once or twice: parts of words and regularization generalize better.
  forData({ numTraining, settings }) {
    if (numTraining >= 20_000) return {}
    return {
      // A number of subwords does not suit words, nor the other way round.
      ...(settings['tokenizer'] === undefined && { tokenizer: { units: 'subwords', vocabSize: 2000 } }),
      model: { dropout: 0.4 },
      training: { steps: 4000, learningRate: 3e-3, labelSmoothing: 0.1, monitor: 'chrf' },
      decoding: { beamWidth: 4 },
    }
  },
  baseline: nearestText,
})
