import type { LearnedPositions } from '@heddle/attention'
import type { BertEncoder } from '../bert/bert-encoder.ts'
import type { TransformerEncoderLayer } from '../layers/encoder-layer.ts'
import type { MLP } from '../layers/feed-forward.ts'
import { linearNames, normNames, type WeightName } from './weight-names.ts'

/** Weights of the encoder of BERT, RoBERTa or ELECTRA, without the prefix. */
export function bertLikeWeights({ embeddings, layers }: BertEncoder): WeightName[] {
  return [
    ...embeddingNames(embeddings),
    ...layers.flatMap(({ attention, attentionNorm, feedForward, feedForwardNorm }: TransformerEncoderLayer, i) => {
      const name = `encoder.layer.${i}`
      const { input, output } = feedForward as MLP
      return [
        ...linearNames(`${name}.attention.self.query`, attention.query),
        ...linearNames(`${name}.attention.self.key`, attention.key),
        ...linearNames(`${name}.attention.self.value`, attention.value),
        ...linearNames(`${name}.attention.output.dense`, attention.output),
        ...normNames(`${name}.attention.output.LayerNorm`, attentionNorm),
        ...linearNames(`${name}.intermediate.dense`, input),
        ...linearNames(`${name}.output.dense`, output),
        ...normNames(`${name}.output.LayerNorm`, feedForwardNorm),
      ]
    }),
  ]
}

/** Weights of the embeddings, and of the map that follows them. */
export function embeddingNames({
  tokens,
  positions,
  segments,
  norm,
  projection,
}: BertEncoder['embeddings']): WeightName[] {
  return [
    { name: 'embeddings.word_embeddings.weight', parameters: [tokens.weight] },
    { name: 'embeddings.position_embeddings.weight', parameters: [(positions as LearnedPositions).weight] },
    ...(segments === undefined
      ? []
      : [{ name: 'embeddings.token_type_embeddings.weight', parameters: [segments.weight] }]),
    ...normNames('embeddings.LayerNorm', norm),
    ...(projection === undefined ? [] : linearNames('embeddings_project', projection)),
  ]
}
