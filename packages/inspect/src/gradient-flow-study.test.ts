import { createRegistry, RandomStream } from '@heddle/core'
import { Linear, layersPlugin } from '@heddle/layers'
import { RecurrentLanguageModel, rnnPlugin } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type GradientFlowExhibit, gradientFlowStudy } from './gradient-flow-study.ts'

const registry = createRegistry([layersPlugin, rnnPlugin])
const model = (cell: string) =>
  new RecurrentLanguageModel(
    { vocabSize: 5, embeddingSize: 4, hiddenSize: 6, numLayers: 2, cell },
    { rng: new RandomStream(1), registry },
  )
const of = (cell: string) => ({ model: model(cell), where: 'mine' })
const T = 24
const named = ({ curves }: GradientFlowExhibit, name: string) => curves.find((curve) => curve.name === name)!

describe('gradientFlowStudy', () => {
  beforeAll(useCpu)

  it("compares the run's cell with an LSTM and vanilla networks of its size", async () => {
    const study = await gradientFlowStudy(of('gru'), { steps: T })
    expect(study).toMatchObject({ cell: 'recurrent.layers.0.forward', inputSize: 4, hiddenSize: 6 })
    expect(study.cells).toHaveLength(2)
    expect(study.curves[0]!.name).toBe("this run's GRUCell")
    for (const { flow } of study.curves) {
      expect(flow).toHaveLength(T)
      expect(flow.at(-1)).toBeCloseTo(1, 6)
    }
  })

  it('a small radius makes the gradient vanish, an open forget gate keeps it', async () => {
    const study = await gradientFlowStudy(of('lstm'), { steps: T })
    const [small, one] = [named(study, 'vanilla RNN, radius 0.5'), named(study, 'vanilla RNN, radius 1')]
    expect(small.spectralRadius).toBeCloseTo(0.5, 2)
    expect(one.spectralRadius).toBeCloseTo(1, 2)
    expect(small.perStep).toBeLessThan(0.6)
    expect(one.perStep).toBeGreaterThan(0.8)
    const open = named(study, 'LSTM, forget gate open')
    expect(open.perStep).toBeGreaterThan(0.9)
    expect(named(study, 'LSTM, untrained').perStep).toBeLessThan(open.perStep)
    expect(open.states).toHaveLength(2)
    expect(open.stateNames).toEqual(['h', 'c'])
    expect(small.stateNames).toEqual(['h'])
    expect(open.spectralRadius).toBeUndefined()
  })

  it('looks at the cell that is named, gives the same numbers each time, and leaks nothing', async () => {
    const lm = of('rnn')
    const options = { cell: 'recurrent.layers.1.forward', steps: 6 }
    const first = await gradientFlowStudy(lm, options)
    expect(first.inputSize).toBe(6)
    const before = tf.memory().numTensors
    expect(await gradientFlowStudy(lm, options)).toEqual(first)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says which cells there are', async () => {
    await expect(gradientFlowStudy(of('rnn'), { cell: 'recurrent.layers.2.forward' })).rejects.toThrow(
      /expected a cell of the model, got 'recurrent\.layers\.2\.forward'\. Did you mean 'recurrent\.layers\.[01]\.forward'/,
    )
    const linear = new Linear({ inputSize: 2, outputSize: 2 }, new RandomStream(1))
    await expect(gradientFlowStudy({ model: linear, where: 'mine' })).rejects.toThrow(
      'expected a model with recurrent cells, got mine, a Linear',
    )
  })
})
