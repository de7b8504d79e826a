import { RandomStream } from '@heddle/core'
import { beamSearch, greedy, type StepModel } from '@heddle/decoding'
import { useWasm } from '@heddle/kernels'
import { modelPoint, withoutFusedOps } from '@heddle/layers'
import { expectClose, useCpu, VALUE_TOLERANCE } from '@heddle/testing'
import type { TransformerLanguageModel, TransformerSeq2Seq, TransformerState } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'

// B batch, S steps of the source, T tokens so far, V vocabulary

const [B, S, V] = [3, 5, 11]
const size = { hiddenSize: 8, numHeads: 2, numLayers: 2 }

/** Reads all tokens anew at each step. */
function uncached(logitsOf: (ids: tf.Tensor) => tf.Tensor): StepModel<{ ids?: tf.Tensor; rows: tf.Tensor }> {
  return {
    step(tokens, { ids: before, rows }) {
      const token = tf.expandDims(tokens, 1)
      const ids = before === undefined ? token : tf.concat([before, token], 1)
      const logits = logitsOf(tf.concat([rows, ids], 1)) // [B, T, V]
      const T = ids.shape[1]!
      return { logits: tf.reshape(tf.slice(logits, [0, T - 1, 0], [-1, 1, V]), [-1, V]), state: { ids, rows } }
    },
  }
}

describe.each([
  ['cpu', useCpu],
  ['wasm', async () => void (await useWasm({ threads: 1 }))],
])('decoding with a cache, %s', (_, useBackend) => {
  beforeAll(useBackend)
  const shared = { end: 2, maxLength: 9, batchSize: B }
  const options = { ...shared, start: 1 }
  const rounded = (decoded: readonly { ids: readonly number[]; logProbability: number }[]) =>
    decoded.map(({ ids, logProbability }) => [ids, Number(logProbability.toFixed(3))])

  it('finds the same sequences as without, by beam search too: encoder-decoder', async () => {
    const model = registry.create(
      modelPoint,
      {
        type: 'transformer-seq2seq',
        source: { vocabSize: V },
        target: { vocabSize: V },
        ...size,
        attention: { window: 4 },
      },
      { rng: new RandomStream(2), registry },
    ) as TransformerSeq2Seq
    const sources = tf.tensor([5, 3, 4, 7, 9, 6, 6, 1, 0, 0, 8, 0, 0, 0, 0], [B, S], 'int32')
    const lengths = tf.tensor([5, 3, 1], [B], 'int32')
    // Each row of this state brings its source along, so that beams keep theirs.
    const plain = uncached((rows) => {
      const [source, length, target] = [
        [0, S],
        [S, 1],
        [S + 1, -1],
      ].map(([from, count]) => tf.slice(rows, [0, from!], [-1, count!]))
      return model.forward(source!, tf.reshape(length!, [-1]), target!).logits
    })
    const rows = tf.concat([sources, tf.expandDims(lengths, 1)], 1)
    const state = model.encode(sources, lengths)
    expect(rounded(await greedy(model, state, options))).toEqual(rounded(await greedy(plain, { rows }, options)))
    const wide = { ...options, width: 4, nBest: 3 }
    const [cached, anew] = [await beamSearch(model, state, wide), await beamSearch(plain, { rows }, wide)]
    expect(cached.map(rounded)).toEqual(anew.map(rounded))
    expect(new Set(cached.flat().map(({ ids }) => ids.join())).size).toBeGreaterThan(B)
  })

  it('finds the same sequences as without, by beam search too: language model', async () => {
    const model = registry.create(
      modelPoint,
      { type: 'transformer-lm', vocabSize: V, ...size, contextLength: 16 },
      { rng: new RandomStream(2), registry },
    ) as TransformerLanguageModel
    // Initial weights of 0.02 would leave all tokens alike.
    tf.tidy(() => {
      const { weight } = model.input.embedding!
      weight.assign(tf.mul(weight.value, 40))
    })
    const plain = uncached((rows) => model.forward(tf.slice(rows, [0, 1])).logits)
    const rows = tf.zeros([B, 1], 'int32')
    const prompts = {
      ...shared,
      prompt: [
        [1, 4],
        [1, 7],
        [1, 5],
      ],
    }
    const wide = { ...prompts, width: 3, nBest: 2 }
    expect(rounded(await greedy(model, model.initialState(B), prompts))).toEqual(
      rounded(await greedy(plain, { rows }, prompts)),
    )
    expect((await beamSearch(model, model.initialState(B), wide)).map(rounded)).toEqual(
      (await beamSearch(plain, { rows }, wide)).map(rounded),
    )
  })

  // Every kind of positions, and what changes the cache.
  const kinds = [
    { positions: 'sinusoidal' },
    { positions: 'learned' },
    { positions: 'rotary', attention: { numKeyValueHeads: 1 } },
    { positions: 'alibi' },
    { positions: 'relative-bias' },
    { positions: 'none', attention: { window: 3 } },
  ]
  const lengths = [5, 1, 8, 3, 5]
  const prompts = lengths.map((length, row) => Array.from({ length }, (_, t) => (7 * row + 3 * t * t + 1) % V))

  it.each(kinds)(
    'prompts of different lengths give what each gives alone: language model, $positions',
    async (kind) => {
      const model = registry.create(
        modelPoint,
        { type: 'transformer-lm', vocabSize: V, ...size, contextLength: 12, ...kind },
        { rng: new RandomStream(4), registry },
      ) as TransformerLanguageModel
      tf.tidy(() => {
        const { weight } = model.input.embedding!
        weight.assign(tf.mul(weight.value, 40))
      })
      const limits = { end: 2, maxLength: 7 }
      const search = { ...limits, width: 3, nBest: 2 }
      const together = await greedy(model, model.initialState(5), { ...limits, prompt: prompts })
      const searched = await beamSearch(model, model.initialState(5), { ...search, prompt: prompts })
      for (const [row, prompt] of prompts.entries()) {
        const alone = await greedy(model, model.initialState(1), { ...limits, prompt })
        expect(rounded([together[row]!])).toEqual(rounded(alone))
        const found = await beamSearch(model, model.initialState(1), { ...search, prompt })
        expect(rounded(searched[row]!)).toEqual(rounded(found[0]!))
      }
      expect(new Set(together.map(({ ids }) => ids.join())).size).toBeGreaterThan(2)
    },
  )

  it('reads prompts of different lengths in one pass', async () => {
    const spec = { type: 'transformer-lm', vocabSize: V, ...size, contextLength: 12 }
    const model = registry.create(modelPoint, spec, { rng: new RandomStream(4), registry }) as TransformerLanguageModel
    const passes: string[] = []
    const count = <T>(name: string, result: T): T => {
      passes.push(name)
      return result
    }
    const counted: StepModel<TransformerState> = {
      step: (tokens, state) => count('step', model.step(tokens, state)),
      prefill: (ids, state) => count('prefill', model.prefill(ids, state)),
      prefillPadded: (ids, starts) => count('prefillPadded', model.prefillPadded(ids, starts)),
      select: (state, rows) => model.select(state, rows),
    }
    await greedy(counted, model.initialState(5), { maxLength: 3, prompt: prompts })
    expect(passes).toEqual(['prefillPadded', 'step', 'step'])
  })

  it.each(kinds)(
    'prompts of different lengths give what each gives alone: encoder-decoder, $positions',
    async (kind) => {
      const model = registry.create(
        modelPoint,
        // Learned positions of a source need their number.
        {
          ...{ type: 'transformer-seq2seq', source: { vocabSize: V }, target: { vocabSize: V }, ...size, ...kind },
          ...(kind.positions === 'learned' && { positions: { type: 'learned', maxPositions: 20 } }),
        },
        { rng: new RandomStream(5), registry },
      ) as TransformerSeq2Seq
      const rows = 5
      const source = tf.tensor(
        Array.from({ length: rows * S }, (_, i) => (i * i + 3) % V),
        [rows, S],
        'int32',
      )
      const counts = [5, 2, 4, 1, 3]
      const encode = (at: number, count: number) =>
        model.encode(tf.slice(source, [at, 0], [count, S]), tf.tensor1d(counts.slice(at, at + count), 'int32'))
      const limits = { end: 2, maxLength: 7 }
      const together = await greedy(model, encode(0, rows), { ...limits, prompt: prompts, attention: true })
      for (const [row, prompt] of prompts.entries()) {
        const [alone] = await greedy(model, encode(row, 1), { ...limits, prompt, attention: true })
        expect(rounded([together[row]!])).toEqual(rounded([alone!]))
        for (const [t, weights] of alone!.attention!.entries()) {
          for (const [s, weight] of weights.entries()) expect(together[row]!.attention![t]![s]).toBeCloseTo(weight, 4)
        }
      }
    },
  )
})

describe('decoding with a kernel for all layers', () => {
  beforeAll(async () => void (await useWasm({ threads: 1 })))
  const modern = {
    ...{ norm: 'rms-norm', feedForward: 'gated-mlp', tied: false },
    attention: { numKeyValueHeads: 1, norm: 'rms-norm', bias: false },
  }
  const kinds: [string, object][] = [
    ['as by default', {}],
    ['modern', modern],
    ['post-norm', { residual: 'post-norm', feedForward: { type: 'mlp', activation: 'relu' } }],
    ['a window', { attention: { window: 2 } }],
  ]
  const tokens = (t: number) => tf.tensor([3, 5, 7 + (t % 3), t % 4].slice(0, B), [B], 'int32')

  it.each(kinds)('gives the numbers of layers one by one: language model, %s', (_, kind) => {
    tf.tidy(() => {
      const spec = { type: 'transformer-lm', vocabSize: V, ...size, contextLength: 6, ...kind }
      const model = registry.create(modelPoint, spec, {
        rng: new RandomStream(3),
        registry,
      }) as TransformerLanguageModel
      let [fused, plain] = [model.initialState(B), model.initialState(B)]
      for (let t = 0; t < 9; t++) {
        const step = model.step(tokens(t), fused)
        const slow = withoutFusedOps(() => model.step(tokens(t), plain))
        expectClose(step.logits, slow.logits, VALUE_TOLERANCE)
        // A full context is read anew, layer by layer.
        expect(step.state.caches.shared !== undefined).toBe(t < 6 || t > 6)
        expect(slow.state.caches.shared).toBeUndefined()
        ;[fused, plain] = [step.state, slow.state]
        if (t === 3) [fused, plain] = [model.select(fused, [2, 0, 2]), model.select(plain, [2, 0, 2])]
        // Several tokens at once, on what the kernel has read.
        const [more, others] = [
          model.extend(tf.stack([tokens(1), tokens(2)], 1), fused),
          model.extend(tf.stack([tokens(1), tokens(2)], 1), plain),
        ]
        expectClose(more.logits, others.logits, VALUE_TOLERANCE)
      }
    })
  })

  it.each(kinds)('gives the numbers of layers one by one: encoder-decoder, %s', (_, kind) => {
    tf.tidy(() => {
      const spec = { type: 'transformer-seq2seq', source: { vocabSize: V }, target: { vocabSize: V }, ...size, ...kind }
      const model = registry.create(modelPoint, spec, { rng: new RandomStream(3), registry }) as TransformerSeq2Seq
      const source = tf.tensor([5, 3, 4, 7, 9, 6, 6, 1, 0, 0, 8, 0, 0, 0, 0], [B, S], 'int32')
      const encoded = model.encode(source, tf.tensor([5, 3, 1], [B], 'int32'))
      let [fused, plain] = [encoded, encoded]
      for (let t = 0; t < 7; t++) {
        const step = model.step(tokens(t), fused)
        const slow = withoutFusedOps(() => model.step(tokens(t), plain))
        expectClose(step.logits, slow.logits, VALUE_TOLERANCE)
        expectClose(step.attention, slow.attention, VALUE_TOLERANCE)
        expect([step, slow].map(({ state }) => state.caches.shared !== undefined)).toEqual([true, false])
        ;[fused, plain] = [step.state, slow.state]
        if (t % 2 === 1) [fused, plain] = [model.select(fused, [1, 2, 1]), model.select(plain, [1, 2, 1])]
        const two = tf.stack([tokens(1), tokens(2)], 1)
        const [more, others] = [model.prefill(two, fused), model.prefill(two, plain)]
        expectClose(more.logits, others.logits, VALUE_TOLERANCE)
        expectClose(more.attention, others.attention, VALUE_TOLERANCE)
      }
    })
  })

  it('frees the packed weights with the rest of a decoding', async () => {
    const spec = { type: 'transformer-lm', vocabSize: V, ...size }
    const model = registry.create(modelPoint, spec, { rng: new RandomStream(3), registry }) as TransformerLanguageModel
    const run = () => beamSearch(model, model.initialState(1), { start: 1, maxLength: 8, width: 3 })
    await run()
    const { numTensors, numBytes } = tf.memory()
    await run()
    expect(tf.memory()).toMatchObject({ numTensors, numBytes })
  })
})
