import { jsonSchemaOf, parseConfig, RandomStream, type Registry } from '@heddle/core'
import {
  type AnyPipeline,
  type DataConfig,
  heldOut,
  judging,
  mergeSettings,
  openRun,
  type Recipe,
  recipeNamed,
  recipeSchema,
  type Settings,
  trainRun,
} from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { undescribed } from './described-settings.ts'
import { CrashingStore, runFiles } from './stores.ts'
import { useCpu } from './use-cpu.ts'

type MetricInfo = AnyPipeline['metrics'][number]

export interface RecipeContract {
  /** A registry that has the recipe, its task, models and their parts. */
  readonly registry: Registry
  /**
   * Settings with which a training takes a moment: few built-in examples, a tiny model, a few steps. The baseline is computed on
   * these examples.
   */
  readonly tiny: Settings
  /** Chooses the backend of tensors (default: tfjs's plain JavaScript). */
  readonly useBackend?: () => Promise<unknown>
}

/**
 * Tests that every recipe has to pass.
 *
 * @param name of the recipe in the registry
 */
export function recipeContract(name: string, { registry, tiny, useBackend = useCpu }: RecipeContract): void {
  const recipe: Recipe = recipeNamed(registry, name)
  const { data: ofData = {}, ...ofTask } = tiny
  const data = (): DataConfig => parseConfig(`${name}: data`, recipe.data.config, ofData)
  const examples = (seed: number) => recipe.data.builtIn(data(), new RandomStream(seed))
  const created = () => {
    const task = recipe.task.create(mergeSettings(recipe.defaults, ofTask), { registry, rng: new RandomStream(1) })
    return { task, dataset: recipe.data.split(task, examples(1), data(), 1) }
  }

  describe(`recipe '${name}' keeps the contract of recipes:`, () => {
    beforeAll(async () => {
      await useBackend()
    })

    it('its defaults are valid, and each setting has a description, those of the model too', () => {
      const settings = parseConfig(name, recipe.config, {})
      expect(parseConfig(name, recipe.config, settings)).toEqual(settings)
      expect(undescribed(jsonSchemaOf(recipe.config))).toEqual([])
      expect(undescribed(recipeSchema(registry, recipe))).toEqual([])
      expect(recipe.data.format).toMatch(/^\S[^\n]*$/)
    })

    it('it refuses a setting that it does not have, of its data too', () => {
      const wrong = { 'a setting that nobody knows': 1 }
      for (const settings of [wrong, { data: wrong }]) {
        expect(() => parseConfig(name, recipe.config, settings)).toThrow(/a setting that nobody knows/)
      }
    })

    it.each(Object.keys(recipe.presets))('its preset %s is valid', (preset) => {
      const { settings, summary } = recipe.presets[preset]!
      const { data: ofPreset = {}, ...ofTask } = parseConfig(name, recipe.config, settings)
      expect(parseConfig(`${name}: data`, recipe.data.config, ofPreset)).toEqual(ofPreset)
      // Also checks the settings of the parts that it names.
      recipe.task.create(ofTask, { registry, rng: new RandomStream(1) })
      expect(undescribed(recipeSchema(registry, recipe, { preset }))).toEqual([])
      expect(summary).toMatch(/^\S[^\n]*$/)
    })

    it('its built-in examples follow from the seed', () => {
      const keys = (seed: number) => examples(seed).map(keyOf)
      expect(keys(1).length).toBeGreaterThan(0)
      expect(keys(1)).toEqual(keys(1))
      expect(keys(2)).not.toEqual(keys(1))
    })

    it('no example is in two parts, and the same seed gives the same parts', () => {
      const [first, second] = [created().dataset, created().dataset]
      const seen = new Map<string, string>()
      for (const part of ['train', 'validation', 'test'] as const) {
        const keys = first[part].map(keyOf)
        expect(second[part].map(keyOf)).toEqual(keys)
        expect(keys.map((key) => seen.get(key) ?? part).filter((other) => other !== part)).toEqual([])
        for (const key of keys) seen.set(key, part)
      }
      expect(first.train.length).toBeGreaterThan(0)
      expect(heldOut(first).examples.length).toBeGreaterThan(0)
    })

    it('it states what its first metric reaches, which its baseline does not', async () => {
      const { task, dataset } = created()
      await task.prepare(dataset.train)
      const metrics: readonly MetricInfo[] = task.pipeline.metrics
      const [judged] = metrics
      const known = new Set(metrics.map((metric) => metric.name))
      expect(Object.keys(recipe.expected).filter((metric) => !known.has(metric))).toEqual([])
      const expected = recipe.expected[judged!.name]
      expect(expected, `expected.${judged!.name}`).toBeTypeOf('number')
      const baseline = await recipe.baseline?.({
        ...dataset,
        heldOut: heldOut(dataset).examples,
        pipeline: task.pipeline,
      })
      task.dispose()
      const reached = baseline?.[judged!.name]
      expect(reached, `baseline.${judged!.name}`).toBeTypeOf('number')
      expect(Object.values(baseline!).every(Number.isFinite), JSON.stringify(baseline)).toBe(true)
      if (judged!.better === 'higher') expect(reached).toBeLessThan(expected!)
      else expect(reached).toBeGreaterThan(expected!)
    })

    it('fitting, evaluating, judging and demonstrating end with the reason of a signal, and change nothing', async () => {
      const { task, dataset } = created()
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const none = tf.memory().numTensors
      await expect(task.fit(dataset.train, { signal })).rejects.toBe(reason)
      expect(tf.memory().numTensors).toBe(none)
      await task.prepare(dataset.train)
      const { learning, abilities } = task.pipeline
      if ('fit' in learning) await learning.fit(dataset.train, [])
      const { examples } = heldOut(dataset)
      const metrics = await task.evaluate(examples)
      const before = tf.memory().numTensors
      const judge = judging.find(abilities)
      await expect(task.evaluate(examples, { signal })).rejects.toBe(reason)
      await expect(task.demonstrate(examples, { signal })).rejects.toBe(reason)
      if (judge !== undefined) await expect(judge.judge(examples.slice(0, 8), { signal })).rejects.toBe(reason)
      expect(tf.memory().numTensors).toBe(before)
      expect(await task.evaluate(examples)).toEqual(metrics)
      task.dispose()
    })

    it('it trains, is opened with the same numbers, goes on after a crash, and leaves no tensor behind', async () => {
      const before = tf.memory().numTensors
      const store = new MemoryStore()
      const counting = new CrashingStore(store, Number.POSITIVE_INFINITY)
      // With a checkpoint at each step, so that there is much to crash in.
      const settings = mergeSettings(tiny, { training: { checkpointEvery: 1 } })
      const run = await trainRun({ registry, store: counting, recipe: { type: name, ...settings } })
      const { metrics } = run.evaluation!
      for (const metric of run.task.pipeline.metrics) {
        expect(Number.isFinite(metrics[metric.name]), `${metric.name}: ${metrics[metric.name]}`).toBe(true)
      }
      expect(run.exhibits.length).toBeGreaterThan(0)
      run.task.dispose()
      await expect(openRun({ store, registry, signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
      const { task } = await openRun({ store, registry })
      expect(await task.evaluate(heldOut(run.dataset).examples)).toEqual(metrics)
      task.dispose()

      const expected = await runFiles(store)
      // Before config.json is written there is no run yet; each recipe crashes at another moment.
      const first = counting.changes.indexOf('config.json') + 1
      const [, state] = hash(new TextEncoder().encode(name)).split(':')
      const at = first + new RandomStream(Number(state)).integer(counting.changes.length - first)
      const crashed = new MemoryStore()
      const recipe = { type: name, ...settings }
      await expect(trainRun({ registry, store: new CrashingStore(crashed, at), recipe })).rejects.toThrow('crash')
      const resumed = await trainRun({ registry, store: crashed, resume: true })
      resumed.task.dispose()
      expect(await runFiles(crashed), `after a crash at change ${at}`).toEqual(expected)
      expect(tf.memory().numTensors).toBe(before)
    })
  })
}

/** An example as text, with arrays of numbers by their hash. */
function keyOf(example: unknown): string {
  return JSON.stringify(example, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? hash(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : value,
  )
}

/** FNV-1a. */
function hash(bytes: Uint8Array): string {
  let state = 0x811c9dc5
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
  return `${bytes.length}:${state >>> 0}`
}
