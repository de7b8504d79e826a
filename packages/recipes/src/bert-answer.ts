import { nearestSentence, questionAnswering, readQuestions } from '@heddle/bert-pretrain'
import { answeredQuestions } from '@heddle/synthetic'
import { recipe } from '@heddle/tasks'
import * as z from 'zod'
import { comparingBert, comparingTraining } from './comparing-bert.ts'

/**
 * The part of a text that answers a question, by a BERT: fine-tuned from a pre-trained one, or from scratch with the same network.
 *
 * @see Rajpurkar et al. 2016, "SQuAD: 100,000+ questions for machine comprehension of text", for the format of given data
 */
export const bertAnswer = recipe({
  name: 'bert-answer',
  summary: 'answers to questions in texts by a BERT, fine-tuned with --from or from scratch (built-in: short passages)',
  task: questionAnswering,
  data: {
    count: 12_000,
    counts: 'number of built-in questions',
    validation: 500,
    test: 1500,
    fields: {
      unanswerable: z
        .number()
        .min(0)
        .max(1)
        .default(0.2)
        .describe('share of the built-in questions that their passage does not answer'),
    },
    format: 'questions in the JSON format of SQuAD 1 or 2 (or KorQuAD 1), such as train-v2.0.json and dev-v2.0.json',
    builtIn: ({ count, unanswerable }, rng) => answeredQuestions(count, rng, { unanswerable }),
    read: (source) => readQuestions(source, 'bert-answer'),
  },
  defaults: {
    model: { type: 'bert-question-answering', encoder: { ...comparingBert, pooling: 'first' } },
    tokenizer: { vocabSize: 2000 },
    training: comparingTraining,
  },
  expected: { f1: 0.81 },
  baseline: nearestSentence,
})
