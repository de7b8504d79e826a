import { namedParameters } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { classifier, languageModel, transformer } from '../test-support/tiny-tasks.ts'
import { matchingParameters } from './matching-parameters.ts'
import { weightChanges } from './weight-changes.ts'

beforeAll(useCpu)

describe('weightChanges', () => {
  it('is the relative Frobenius norm of the difference, layer by layer', async () => {
    const [after, before] = [await transformer(), await transformer()]
    for (const [path, parameter] of namedParameters(after.model)) {
      if (path.startsWith('layers.1.')) parameter.assign(tf.mul(parameter.value, 1.5))
    }
    const { layers, parameters, onlyAfter, onlyBefore } = await weightChanges(after, before)
    expect(layers.map(({ path }) => path)).toEqual(['input.embedding', 'layers.0', 'layers.1', 'norm'])
    expect(layers.map(({ change }) => change)).toEqual([0, 0, expect.closeTo(0.5, 5), 0])
    expect(layers.reduce((sum, { size }) => sum + size, 0)).toBe(after.numParameters)
    expect([onlyAfter, onlyBefore]).toEqual([[], []])
    const query = parameters.find(({ path }) => path === 'layers.1.attention.query.weight')!
    expect(query.change).toBeCloseTo(0.5, 5)
    const values = new Map(namedParameters(before.model)).get(query.path)!.value.dataSync()
    expect(query.norm).toBeCloseTo(Math.hypot(...values), 5)
  })

  it('adds the squares of the parameters of a layer by hand', async () => {
    const [after, before] = [await transformer(), await transformer()]
    const [weight, bias] = ['norm.weight', 'norm.bias'].map((path) => new Map(namedParameters(after.model)).get(path)!)
    // Before: eight ones and eight zeros, norm √8. Change: ones by 1, zeros by 1, norm 4.
    weight!.assign(tf.fill([8], 2))
    bias!.assign(tf.ones([8]))
    const { layers, parameters } = await weightChanges(after, before)
    expect(layers.at(-1)).toMatchObject({ path: 'norm', size: 16, change: expect.closeTo(4 / Math.sqrt(8), 6) })
    expect(parameters.find(({ path }) => path === 'norm.bias')!.change).toBe(Number.POSITIVE_INFINITY)
  })

  it('lists what only one of them has', async () => {
    const { onlyAfter, onlyBefore } = await weightChanges(await transformer({ numLayers: 1 }), await transformer())
    expect(onlyAfter).toEqual([])
    expect(onlyBefore.length).toBeGreaterThan(0)
    expect(onlyBefore.every((path) => path.startsWith('layers.1.'))).toBe(true)
  })

  it('refuses models that have nothing in common', async () => {
    await expect(weightChanges(await transformer(), await languageModel({ embeddingSize: 5 }))).rejects.toThrow(
      'Use two runs of one architecture',
    )
  })
})

describe('matchingParameters', () => {
  it('finds an encoder below another path by the ends of its names', async () => {
    const tagged = await classifier({ type: 'transformer-classifier', hiddenSize: 8, numHeads: 2, numLayers: 1 })
    const { encoder } = tagged.model as unknown as { encoder: Parameters<typeof matchingParameters>[0] }
    const { matches, onlyFirst, onlySecond } = matchingParameters(tagged.model, encoder)
    expect(onlySecond).toEqual([])
    expect(onlyFirst).toEqual(['output.weight', 'output.bias'])
    for (const { first, second } of matches) expect(first).toBe(second)
  })

  it('pairs nothing where an end has several owners, or another shape', async () => {
    const [two, wide] = [await transformer(), await transformer({ hiddenSize: 16 })]
    expect(matchingParameters(two.model, wide.model).matches).toEqual([])
  })
})
