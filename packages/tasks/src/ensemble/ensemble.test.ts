import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { heldOut } from '../run/dataset.ts'
import { openTask } from '../run/open-run.ts'
import { trainRun } from '../run/train-run.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { type MemberRun, writeAverage, writeEnsemble } from './combine-runs.ts'

beforeAll(() => useWasm({ threads: 1 }))

async function runs(type: string, seeds: readonly number[], settings: object = {}) {
  const members: (MemberRun & { readonly heldOut: readonly unknown[] })[] = []
  for (const seed of seeds) {
    const store = new MemoryStore()
    const recipe = { type, data: { seed: 1 }, training: { steps: 6, evaluateEvery: 2, keepBest: 2 }, ...settings }
    const run = await trainRun({ registry, store, recipe, seed })
    run.task.dispose()
    members.push({ name: `run ${seed}`, store, heldOut: heldOut(run.dataset).examples })
  }
  return members
}

describe('an ensemble', () => {
  it.each(['tiny-pairs', 'tiny-lm'])('of one run is that run: %s', async (type) => {
    const [member] = (await runs(type, [1])) as [MemberRun & { heldOut: readonly unknown[] }]
    const store = new MemoryStore()
    await writeEnsemble([member, member], store, registry)
    const [alone, ensemble] = [await openTask(member.store, registry), await openTask(store, registry)]
    const expected = await alone.evaluate(member.heldOut)
    const got = await ensemble.evaluate(member.heldOut)
    // Perplexities of untrained models are large, so the differences are relative.
    const largest = (value: number) => Math.max(1, Math.abs(value))
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(got[name]! - value) / largest(value), name).toBeLessThan(5e-5)
    }
    const input = type === 'tiny-lm' ? 'a' : 'one two'
    const predictions = [await alone.predict([input]), await ensemble.predict([input])] as [{ text?: string }][]
    expect(predictions[1]![0]!.text ?? predictions[1]![0]).toEqual(predictions[0]![0]!.text ?? predictions[0]![0])
    alone.dispose()
    ensemble.dispose()
  })

  it('averages the probabilities of classifiers, which may have different models', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ text: i % 2 ? `ab${i}` : `cd${i}`, label: i % 2 ? 'x' : 'y' }))
    const members: MemberRun[] = []
    for (const [seed, model] of [{ hiddenSize: 4 }, { hiddenSize: 6, cell: 'gru' }].entries()) {
      const settings = { model: { type: 'recurrent-classifier', ...model }, training: { steps: 4 } }
      const task = textClassification.create(settings, { registry, rng: new RandomStream(seed) })
      await task.fit(rows)
      const store = new MemoryStore()
      await task.save(store)
      task.dispose()
      members.push({ name: `run ${seed}`, store })
    }
    const store = new MemoryStore()
    await writeEnsemble(members, store, registry)
    const scores: Record<string, number>[] = []
    for (const each of [...members, { store }]) {
      const task = await openTask(each.store, registry)
      const [prediction] = await task.predict(['ab1'])
      scores.push(prediction.scores)
      task.dispose()
    }
    const [first, second, both] = scores as [Record<string, number>, Record<string, number>, Record<string, number>]
    expect(first['x']).not.toBe(second['x'])
    for (const label of ['x', 'y']) expect(both[label]).toBeCloseTo((first[label]! + second[label]!) / 2, 5)
    await expect(writeAverage(members, new MemoryStore(), registry)).rejects.toThrow(
      /which differ in .*model\.cell .*model\.hiddenSize \(4, 6\)|which differ in .*model\.hiddenSize \(4, 6\)/,
    )
  })

  it('names what its members did not learn alike', async () => {
    const [a] = await runs('tiny-lm', [1])
    const [b] = await runs('tiny-pairs', [1])
    await expect(writeEnsemble([a!, b!], new MemoryStore(), registry)).rejects.toThrow(
      "expected runs of one task, got 'language-modeling' in run 1 and 'text-to-text'",
    )
    const [c] = await runs('tiny-pairs', [2], { data: { seed: 9, count: 30 } })
    await expect(writeEnsemble([b!, c!], new MemoryStore(), registry)).rejects.toThrow(/same .*tokenizer.*data\.seed=1/)
  })
})

describe('an average of weights', () => {
  it('is that of runs with one model, or of the best validations of one run', async () => {
    const [a] = (await runs('tiny-pairs', [1])) as unknown as [MemberRun]
    const [b] = (await runs('tiny-pairs', [1], { training: { steps: 6, batchSize: 2 } })) as unknown as [MemberRun]
    const store = new MemoryStore()
    await writeAverage([a, b], store, registry)
    const valueIn = async ({ store }: { store: MemberRun['store'] }) => {
      const task = await openTask(store, registry)
      const [path, parameter] = (await import('@heddle/layers')).namedParameters(task.model).at(-1)!
      const values = await parameter.value.data()
      task.dispose()
      return [path, values[0]!] as const
    }
    const [[, x], [, y], [, mean]] = [await valueIn(a), await valueIn(b), await valueIn({ store })]
    expect(y).not.toBe(x)
    expect(mean).toBeCloseTo((x + y) / 2, 6)
    const best = new MemoryStore()
    await writeAverage([a], best, registry)
    const own = await valueIn({ store: best })
    expect(Number.isFinite(own[1])).toBe(true)
    const [single] = await runs('tiny-pairs', [3], { training: { steps: 2 } })
    await expect(writeAverage([single!], new MemoryStore(), registry)).rejects.toThrow('which keeps 1. Train it with')
  })

  it('warns of runs that started from different weights', async () => {
    const [a, b] = (await runs('tiny-pairs', [1, 2])) as unknown as [MemberRun, MemberRun]
    const store = new MemoryStore()
    const [warning, ...others] = await writeAverage([a, b], store, registry)
    expect(warning).toContain('run 1 (seed 1) and run 2 (seed 2) started from different weights')
    expect(others).toEqual([])
    expect(await store.list('')).toContain('model.safetensors')
    expect(await writeAverage([a, a], new MemoryStore(), registry)).toEqual([])
  })

  it('and an ensemble end with the reason of a signal, with nothing written', async () => {
    const [member] = await runs('tiny-pairs', [1])
    for (const write of [writeAverage, writeEnsemble]) {
      const store = new MemoryStore()
      const controller = new AbortController()
      const reason = new Error('enough')
      const writing = write([member!, member!], store, registry, { signal: controller.signal })
      queueMicrotask(() => controller.abort(reason))
      await expect(writing).rejects.toBe(reason)
      expect(await store.list('')).toEqual([])
    }
  })
})
