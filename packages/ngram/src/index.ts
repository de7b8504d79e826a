export type { Discounts } from './kneser-ney.ts'
export { type NgramEvaluation, NgramModel, type NgramOptions, type SampleOptions } from './ngram-model.ts'
