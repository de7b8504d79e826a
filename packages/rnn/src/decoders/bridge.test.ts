import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { VectorEncoder } from '../models/vector-encoder.ts'
import { rnnPlugin } from '../plugin.ts'
import { RecurrentEncoder } from '../recurrent-encoder.ts'
import { recurrentStack } from '../stack.ts'
import { Bridge, type BridgeKind } from './bridge.ts'

const [B, S] = [2, 3]
const registry = createRegistry([attentionPlugin, rnnPlugin])

function parts(kind: BridgeKind | undefined, encoder = {}, decoder = {}, rng = new RandomStream(1)) {
  const context = { rng, registry }
  const reader = new RecurrentEncoder(
    { hiddenSize: 5, bidirectional: false, ...encoder },
    { ...context, input: { featureSize: 4 } },
  )
  const writer = recurrentStack({ cell: 'gru', inputSize: 3, hiddenSize: 5, ...decoder }, context)
  return { reader, writer, bridge: new Bridge(kind, reader, writer, rng) }
}
const source = () => randomTensor(new RandomStream(2), [B, S, 4])
const shapes = (states: readonly (readonly tf.Tensor[])[]) => states.map((state) => state.map(({ shape }) => shape))

layerContract('Bridge, linear', {
  make: (rng) => parts('linear', { bidirectional: true }, { cell: 'lstm', numLayers: 2 }, rng).bridge,
  inputs: (rng) => [randomTensor(rng, [B, S, 10]), randomTensor(rng, [B, 10])],
  run: (bridge, outputs, h) => bridge.forward({ outputs: outputs!, summary: h!, state: [[h!]] }).flat(),
  shapes: Array.from({ length: 4 }, () => [B, 5]),
})

describe('Bridge', () => {
  beforeAll(useCpu)

  it('copies the state where it fits, both directions joined', () => {
    const { reader, bridge } = parts(undefined, { bidirectional: true }, { hiddenSize: 10 })
    const encoded = reader.forward(source())
    expect(bridge.kind).toBe('copy')
    const last = tf.squeeze(tf.slice(encoded.outputs, [0, S - 1, 0], [B, 1, 5]), [1])
    const first = tf.squeeze(tf.slice(encoded.outputs, [0, 0, 5], [B, 1, 5]), [1])
    expectClose(bridge.forward(encoded)[0]![0]!, tf.concat([last, first], 1))
  })

  it('maps it where it does not, the last layer also for layers that the encoder lacks', () => {
    const { reader, bridge } = parts(undefined, {}, { numLayers: 2, cell: 'lstm' })
    expect(bridge.kind).toBe('linear')
    expect(shapes(bridge.forward(reader.forward(source())))).toEqual([
      [
        [B, 5],
        [B, 5],
      ],
      [
        [B, 5],
        [B, 5],
      ],
    ])
  })

  it('the mean leaves out padding, whatever stands there', () => {
    const { bridge } = parts('mean')
    const mask = tf.tensor([1, 1, 1, 1, 0, 0], [B, S], 'bool')
    const memory = randomTensor(new RandomStream(3), [B, S, 5])
    const summary = tf.zeros([B, 5])
    const real = tf.expandDims(tf.cast(mask, 'float32'), 2)
    const garbage = tf.add(tf.mul(memory, real), tf.mul(tf.sub(1, real), 99))
    const starts = [memory, garbage].map((at) => bridge.forward({ outputs: at, summary, mask })[0]![0]!)
    expectClose(starts[1]!, starts[0]!)
    const alone = bridge.forward({ outputs: tf.slice(memory, [1, 0, 0], [1, 1, 5]), summary })[0]![0]!
    expectClose(tf.slice(starts[0]!, [1, 0], [1, 5]), alone)
  })

  it('maps the summary of an encoder that has no state', () => {
    const encoder = new VectorEncoder(4)
    const bridge = new Bridge(undefined, encoder, parts('zeros').writer, new RandomStream(1))
    const features = randomTensor(new RandomStream(5), [B, 4])
    expect(bridge.kind).toBe('linear')
    const [[h]] = bridge.forward(encoder.forward(features)) as [[tf.Tensor]]
    expectClose(h, tf.tanh(bridge.layers[0]![0]!.forward(features)))
  })

  it('zeros takes nothing over', () => {
    const { reader, bridge } = parts('zeros')
    expectClose(bridge.forward(reader.forward(source()))[0]![0]!, tf.zeros([B, 5]))
  })

  it('it refuses a kind that cannot be', () => {
    expect(() => parts('copy', {}, { hiddenSize: 6 })).toThrow(
      /expected states of the same sizes to copy, got \[\[5\]\]/,
    )
    const rng = new RandomStream(1)
    expect(() => new Bridge('copy', new VectorEncoder(5), parts('zeros').writer, rng)).toThrow(
      /got none from the encoder/,
    )
  })
})
