import type { RandomStream } from '@heddle/core'
import {
  type BuildContext,
  Dropout,
  Embedding,
  Linear,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import { recurrentStack } from '../stack.ts'
import {
  checkTarget,
  checkTokens,
  type DecoderOptions,
  type DecoderOutput,
  type DecoderState,
  type DecoderStep,
  type RecurrentDecoder,
} from './decoder.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { scheduledSampling } from './scheduled-sampling.ts'

// B batch, T steps of the target, E embedding size, H hidden size, V vocabulary

/**
 * Decoder that knows the source only through its initial state.
 *
 *     h_t = recurrent(embedding(token_t), h_{t-1})
 *     logits_t = output(h_t)
 *
 * @see Sutskever et al. 2014, "Sequence to sequence learning with neural networks"
 */
export class PlainDecoder extends Module implements RecurrentDecoder {
  readonly embedding: Embedding // [V, E]
  readonly output: Linear // [H, V]
  readonly dropout: Dropout
  readonly rng: RandomStream
  readonly recurrent: Recurrent

  constructor(config: DecoderConfig, context: BuildContext) {
    super()
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout } = config
    const { rng } = context
    this.embedding = new Embedding({ numEmbeddings: vocabSize, embeddingSize }, rng)
    this.output = new Linear({ inputSize: hiddenSize, outputSize: vocabSize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.rng = rng.split()
    this.recurrent = recurrentStack({ cell, inputSize: embeddingSize, hiddenSize, numLayers, dropout }, context)
  }

  initialState(layers: readonly RecurrentState[]): DecoderState {
    return { layers }
  }

  step(tokens: tf.Tensor, state: DecoderState): DecoderStep {
    checkTokens(this, tokens)
    const embedded = this.dropout.forward(this.embedding.forward(tokens)) // [B, E]
    const { output: h, state: layers } = this.recurrent.step(embedded, state.layers) // [B, H]
    return { logits: this.output.forward(this.dropout.forward(h)), state: { layers } }
  }

  override forward(target: tf.Tensor, state: DecoderState, { teacherForcing = 1 }: DecoderOptions = {}): DecoderOutput {
    checkTarget(this, target, teacherForcing)
    if (teacherForcing < 1) return scheduledSampling(this, target, state, teacherForcing, this.rng)
    const embedded = this.dropout.forward(this.embedding.forward(target)) // [B, T, E]
    const { outputs: h, state: layers } = this.recurrent.forward(embedded, { state: state.layers }) // [B, T, H]
    observe(this, 'features', h)
    return { logits: this.output.forward(this.dropout.forward(h)), state: { layers } }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { plainDecoder } = await import('../pytorch/decoders.ts')
    return plainDecoder(this, source)
  }
}
