import { createRegistry, type RandomStream } from '@heddle/core'
import { layerContract, randomTensor } from '@heddle/testing'
import { layersPlugin } from '../plugin.ts'
import { EncoderClassifier } from './encoder-classifier.ts'
import { EncoderTagger } from './encoder-tagger.ts'

const [B, C] = [2, 3]
const registry = createRegistry([layersPlugin])
const config = {
  input: { height: 4, width: 6, channels: 1 },
  numLabels: C,
  encoder: { type: 'convolutional', blocks: [3, 4], summarySize: 5 },
}

layerContract('EncoderClassifier', {
  make: (rng) => new EncoderClassifier(config, { rng, registry }),
  inputs: (rng: RandomStream) => [randomTensor(rng, [B, 4, 6, 1])],
  run: (model, pictures) => {
    const { logits, features } = model.forward(pictures!)
    return [logits, features]
  },
  shapes: [
    [B, C],
    [B, 5],
  ],
  gradient: { elements: 3, kinks: true },
})

layerContract('EncoderTagger', {
  make: (rng) => new EncoderTagger(config, { rng, registry }),
  inputs: (rng: RandomStream) => [randomTensor(rng, [B, 4, 6, 1])],
  run: (model, pictures) => model.forward(pictures!).logits,
  shapes: [[B, 2 * 3, C]],
  gradient: { elements: 3, kinks: true },
})
