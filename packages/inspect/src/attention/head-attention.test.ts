import { pairReading, textReading } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  classifier,
  languageModel,
  transformer,
  transformerTranslator,
  translator,
} from '../test-support/tiny-tasks.ts'
import type { AttentionHeadsExhibit } from './attention-heads.ts'
import { headAttention } from './head-attention.ts'

beforeAll(useCpu)

const texts = (tokens: readonly { text: string }[]) => tokens.map(({ text }) => text)
const sum = (row: readonly number[]) => row.reduce((total, weight) => total + weight, 0)

/** Every row of every map sums to 1. */
function expectShares({ stacks }: AttentionHeadsExhibit): void {
  for (const { queries, keys, layers, summary } of stacks) {
    for (const weights of [summary.weights, ...layers.flatMap(({ heads }) => heads.map((head) => head.weights))]) {
      expect(weights).toHaveLength(queries.length)
      for (const row of weights) {
        expect(row).toHaveLength(keys.length)
        expect(sum(row)).toBeCloseTo(1, 3)
      }
    }
  }
}

describe('headAttention', () => {
  it('of a language model has each head of each layer, which does not see the future, and leaks nothing', async () => {
    const task = await transformer()
    await headAttention(task, 'The old man')
    const before = tf.memory().numTensors
    const exhibit = (await headAttention(task, 'The old man'))!
    expect(tf.memory().numTensors).toBe(before)
    expectShares(exhibit)
    const [{ name, over, layers, summary, queries }] = exhibit.stacks as [AttentionHeadsExhibit['stacks'][0]]
    expect([name, over, summary.kind, exhibit.stacks.length]).toEqual(['Self-attention', 'itself', 'rollout', 1])
    expect(texts(queries).join('')).toBe('The old man')
    expect(layers.map(({ layer, path, heads }) => [layer, path, heads.length])).toEqual([
      [0, 'layers.0.attention', 2],
      [1, 'layers.1.attention', 2],
    ])
    for (const { heads } of layers) {
      for (const { weights, figures } of heads) {
        expect(weights.flatMap((row, t) => row.slice(t + 1)).every((weight) => weight === 0)).toBe(true)
        expect(figures.next).toBe(0)
      }
    }
  })

  it('does not depend on the task being in training', async () => {
    const task = await transformer({ attention: { dropout: 0.5 }, dropout: 0.5 })
    expect(await headAttention(task, 'The old')).toEqual(await headAttention(task, 'The old'))
  })

  it('of an encoder-decoder has the source, the target that it writes, and both', async () => {
    const task = await transformerTranslator()
    const exhibit = (await headAttention(task, 'He was sick.'))!
    expectShares(exhibit)
    const [cross, encoder, decoder] = exhibit.stacks
    expect([cross!.name, encoder!.name, decoder!.name]).toEqual(['Decoder over the source', 'Encoder', 'Decoder'])
    expect([cross!.over, cross!.summary.kind]).toEqual(['memory', 'mean'])
    const source = ['He', 'was', 'sick', '.', '<eos>']
    expect([texts(encoder!.queries), texts(cross!.keys)]).toEqual([source, source])
    expect(texts(decoder!.queries)[0]).toBe('<sos>')
    expect(texts(cross!.queries)).toEqual([...texts(decoder!.queries).slice(1), '<eos>'])
    expect(exhibit.text).toBe((await pairReading.find(task.pipeline.abilities)!.read('He was sick.')).text)
  })

  it('reads a given target instead of the written one', async () => {
    const exhibit = (await headAttention(await transformerTranslator(), 'He was sick.', { target: '그는 늙었다.' }))!
    expect(texts(exhibit.stacks[0]!.queries)).toEqual(['그는', '늙었다', '.', '<eos>'])
    expect(exhibit.text).toBe('그는 늙었다.')
  })

  it('of a classifier is that of its encoder', async () => {
    const task = await classifier({ type: 'transformer-classifier', hiddenSize: 8, numHeads: 2, numLayers: 1 })
    const exhibit = (await headAttention(task, 'Anna'))!
    expectShares(exhibit)
    expect(exhibit.stacks[0]!.layers[0]!.path).toBe('encoder.layers.0.attention')
  })

  it('can be of one layer or head; the rollout still counts all', async () => {
    const task = await transformer()
    const [all, one] = [
      await headAttention(task, 'The old'),
      await headAttention(task, 'The old', { layer: 1, head: 0 }),
    ]
    const [stack] = one!.stacks
    expect(stack!.layers).toEqual([{ ...all!.stacks[0]!.layers[1]!, heads: [all!.stacks[0]!.layers[1]!.heads[0]] }])
    expect(stack!.summary).toEqual(all!.stacks[0]!.summary)
    await expect(headAttention(task, 'The old', { layer: 2 })).rejects.toThrow(
      'attention: expected one of the layers of Self-attention, 0 to 1, got 2',
    )
    await expect(headAttention(task, 'The old', { head: 2 })).rejects.toThrow('heads of layer 0, 0 to 1, got 2')
  })

  it('summarizes by attention flow on demand', async () => {
    const exhibit = (await headAttention(await transformer(), 'The old', { flow: true }))!
    expect(exhibit.stacks[0]!.summary.kind).toBe('flow')
    expectShares(exhibit)
  })

  it('is undefined for models without heads', async () => {
    expect(await headAttention(await languageModel({}), 'The old')).toBeUndefined()
    expect(await headAttention(await translator(), 'He was sick.')).toBeUndefined()
  })
})

describe('the report of a run', () => {
  it('shows the heads on the unseen text that is easiest to read, where a model has any', async () => {
    const task = await transformer()
    const long = 'The old man sat there. '.repeat(20)
    const kinds = async (each: typeof task) => (await each.demonstrate([long])).map(({ kind }) => kind)
    const exhibits = await task.demonstrate([long])
    const heads = exhibits.find(({ kind }) => kind === 'attention-heads') as AttentionHeadsExhibit
    const { queries } = heads.stacks[0]!
    expect(queries.length).toBeLessThanOrEqual(72)
    expect(long.startsWith(texts(queries).join(''))).toBe(true)
    expect(await kinds(await languageModel({}))).not.toContain('attention-heads')
  })

  it('shows a shorter text where the model reads only a few tokens', async () => {
    const exhibits = await (await transformer({ contextLength: 16 })).demonstrate([
      'The old man sat there. '.repeat(20),
    ])
    const heads = exhibits.find(({ kind }) => kind === 'attention-heads') as AttentionHeadsExhibit
    expect(heads.stacks[0]!.queries.length).toBeLessThanOrEqual(16)
    expect(heads.stacks[0]!.queries.length).toBeGreaterThanOrEqual(8)
  })

  it('takes texts of the examples, whatever the task', async () => {
    const { abilities } = (await classifier()).pipeline
    expect(textReading.find(abilities)!.textOf!({ text: 'Anna', label: 'a' } as never)).toBe('Anna')
  })
})
