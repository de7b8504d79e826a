import type { BuildContext } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import { recurrentStack } from '../stack.ts'
import { type DecoderFeatures, type DecoderState, RecurrentDecoder } from './decoder.ts'
import type { DecoderConfig } from './decoder-config.ts'

// B batch, T steps of the target, E embedding size, H hidden size

/**
 * A decoder that knows the source only through the state that it starts from.
 *
 * @see Sutskever et al. 2014, "Sequence to sequence learning with neural networks"
 */
export class PlainDecoder extends RecurrentDecoder {
  readonly recurrent: Recurrent

  constructor(config: DecoderConfig, context: BuildContext) {
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout } = config
    super({ vocabSize, embeddingSize, featureSize: hiddenSize, dropout }, context.rng)
    this.recurrent = recurrentStack({ cell, inputSize: embeddingSize, hiddenSize, numLayers, dropout }, context)
  }

  override start(layers: readonly RecurrentState[]): DecoderState {
    return { layers }
  }

  protected override advance(embedded: tf.Tensor, { layers }: DecoderState): DecoderFeatures {
    const { output, state } = this.recurrent.step(embedded, layers)
    return { features: output, state: { layers: state } }
  }

  protected override run(embedded: tf.Tensor, { layers }: DecoderState): DecoderFeatures {
    const { outputs, state } = this.recurrent.forward(embedded, { state: layers })
    return { features: outputs, state: { layers: state } }
  }
}
