import { type PartSpec, parseConfig, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import type { Module } from '@heddle/layers'
import {
  heldOut,
  type MemberRun,
  mergeSettings,
  openTask,
  recipeNamed,
  type Settings,
  writeEnsemble,
} from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** Predictions from what a model returns. */
type Activation = (values: tf.Tensor) => tf.Tensor
const softmax: Activation = (logits) => tf.softmax(logits)
const itself: Activation = (values) => values

interface Case {
  readonly activation: Activation
  /** The model of the second member, in place of that of the first. */
  readonly other?: PartSpec
  /** Examples in place of the built-in ones. */
  readonly examples?: readonly unknown[]
}

// A recipe of each task.
const CASES: Readonly<Record<string, Case>> = {
  'char-lm': { activation: softmax, other: { type: 'recurrent-lm', cell: 'gru', hiddenSize: 6, embeddingSize: 4 } },
  translate: { activation: softmax, other: { type: 'transformer-seq2seq', hiddenSize: 8, numHeads: 2, numLayers: 1 } },
  sentiment: { activation: softmax },
  'bert-pairs': { activation: softmax },
  tagger: { activation: softmax },
  'bert-tag': { activation: softmax },
  'bert-answer': { activation: softmax },
  'bert-pretrain': { activation: softmax },
  rows: { activation: softmax },
  frames: { activation: softmax },
  jigsaw: { activation: softmax },
  'masked-patches': { activation: itself },
  forecast: { activation: itself },
  caption: { activation: softmax },
}

it.each(Object.keys(CASES))('an ensemble of %s predicts the mean of the predictions of its members', (name) =>
  expectMeans(name, CASES[name]!),
)

it('an ensemble of scores of pairs gives their mean', async () => {
  const examples = Array.from({ length: 40 }, (_, i) => ({ text: `a ${i}`, pair: 'b'.repeat(i % 9), label: i / 7 }))
  await expectMeans('bert-pairs', { activation: itself, examples })
})

async function expectMeans(name: string, { activation, other, examples }: Case): Promise<void> {
  const recipe = recipeNamed(registry, name)
  const { data = {}, ...tiny } = TINY[name]!
  const settings = parseConfig(name, recipe.data.config, data)
  const runs: MemberRun[] = []
  let unseen: readonly unknown[] = []
  for (const seed of [1, 2]) {
    const own: Settings = mergeSettings(recipe.defaults, tiny)
    const config = seed === 1 || other === undefined ? own : { ...own, model: other }
    const task = recipe.task.create(config, { registry, rng: new RandomStream(seed) })
    const dataset = recipe.data.split(task, examples ?? recipe.data.builtIn(settings, new RandomStream(1)), settings, 1)
    await task.prepare(dataset.train)
    const store = new MemoryStore()
    await task.save(store)
    task.dispose()
    runs.push({ name: `run ${seed}`, store })
    unseen = heldOut(dataset).examples.slice(0, 8)
  }
  const store = new MemoryStore()
  await writeEnsemble(runs, store, registry)
  const task = await openTask(store, registry)
  const { members } = task.model as Module & { readonly members: readonly Module[] }
  const ofMembers = members.map(recorded)
  const ofAll = recorded(task.model)
  await task.evaluate(unseen)
  expect(ofAll.length).toBeGreaterThan(0)
  for (const [call, outputs] of ofAll.entries()) {
    for (const [key, output] of Object.entries(outputs)) {
      const [apart, off] = tf.tidy(() => {
        // Steps past the end of a text have no probability.
        const padding = tf.less(output, -1e8)
        const each = ofMembers.map((calls) => activation(tf.where(padding, -1e9, calls[call]![key]!)))
        const mean = tf.div(tf.addN(each), each.length)
        const furthest = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).arraySync() as number
        return [furthest(each[0]!, each[1]!), furthest(activation(output), mean)]
      })
      expect(off, key).toBeLessThan(2e-6)
      // Of equal members every mean is right.
      expect(apart, key).toBeGreaterThan(1e-5)
    }
  }
  for (const calls of [...ofMembers, ofAll]) for (const outputs of calls) tf.dispose(outputs)
  task.dispose()
}

/** Keeps the numbers or logits that a model returns at each call. */
function recorded(model: Module): Record<string, tf.Tensor>[] {
  const calls: Record<string, tf.Tensor>[] = []
  const forward = model.forward.bind(model) as (...inputs: never[]) => tf.Tensor | Record<string, unknown>
  model.forward = (...inputs: never[]) => {
    const output = forward(...inputs)
    const named = output instanceof tf.Tensor ? { output } : output
    const kept = Object.entries(named).filter(([key]) => /^output$|ogits$/.test(key))
    calls.push(Object.fromEntries(kept.map(([key, value]) => [key, tf.keep(tf.clone(value as tf.Tensor))])))
    return output
  }
  return calls
}
