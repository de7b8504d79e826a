import { koreanReviews } from '@heddle/synthetic'
import { labeledTexts, naiveBayes, recipe, textClassification } from '@heddle/tasks'

/**
 * Whether a review is positive or negative, by a BERT: fine-tuned from a pre-trained one, or from scratch with the same network.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 4 and A.3
 */
export const bertClassify = recipe({
  name: 'bert-classify',
  summary: 'labels of texts by a BERT, fine-tuned with --from or from scratch (built-in: short Korean film reviews)',
  task: textClassification,
  data: {
    count: 8000,
    validation: 1000,
    test: 2000,
    format:
      "a table (TSV, CSV, JSON lines) of texts and labels, such as columns 'document' and 'label' (0 negative, 1 positive); or folders of text files, one folder for each label",
    builtIn: ({ count }, rng) => koreanReviews(count, rng),
    ...labeledTexts('bert-classify', { '0': 'negative', '1': 'positive' }),
  },
  defaults: {
    model: {
      type: 'classifier',
      encoder: { type: 'bert', numLayers: 2, hiddenSize: 128, numHeads: 2 },
      dropout: 0.1,
    },
    tokenizer: { units: 'word-pieces', vocabSize: 2000 },
    maxLength: 128,
    training: {
      steps: 800,
      batchSize: 32,
      learningRate: 3e-4,
      schedule: { type: 'warmup-stable-decay', warmup: 0.1, decay: 0.9, shape: 'linear' },
      tokenDropout: 0,
      evaluateEvery: 200,
    },
  },
  expected: { accuracy: 0.99 },
  // A tenth of the tokens becomes the mask, as in pre-training: probabilities are less sure of what few labels tell, at the same accuracy.
  forData: () => ({ training: { tokenDropout: 0.1 } }),
  baseline: naiveBayes,
})
