import { isHeddleError, jsonSchemaOf, RandomStream, type Registry } from '@heddle/core'
import { type AnyPipeline, openTask, type Task, type TaskConfig, type TaskType } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { undescribed } from './described-settings.ts'
import { useCpu } from './use-cpu.ts'

export interface TaskContract<E, S extends z.ZodType<TaskConfig>, L extends AnyPipeline> {
  readonly task: TaskType<E, S, L>
  /** A registry that has the task, its models and their parts. */
  readonly registry: Registry
  /** Settings with which a step takes a moment: a tiny model, small batches. The suite makes 3 steps. */
  readonly settings: z.input<S>
  /** A few examples to learn from. */
  readonly train: readonly E[]
  /** A few others. */
  readonly heldOut: readonly E[]
  /** At least two inputs of a prediction. */
  readonly inputs: Parameters<L['predict']>[0]
  /** Chooses the backend of tensors (default: tfjs's plain JavaScript). */
  readonly useBackend?: () => Promise<unknown>
}

const STEPS = 3

/** Tests that every task has to pass. */
export function taskContract<E, S extends z.ZodType<TaskConfig>, L extends AnyPipeline>(
  name: string,
  { task: type, registry, settings, train, heldOut, inputs, useBackend = useCpu }: TaskContract<E, S, L>,
): void {
  const create = (): Task<E, L> => type.create(settings, { registry, rng: new RandomStream(1) })
  const fitted = async () => {
    const task = create()
    await task.fit(train, { validation: heldOut, steps: STEPS })
    return task
  }
  const weights = async (task: Task<E, L>) => {
    const store = new MemoryStore()
    await task.save(store)
    return store.read('model.safetensors')
  }

  // One task for all tests that do not train it further.
  let kept: Promise<Task<E, L>> | undefined
  const shared = () => (kept ??= fitted())

  describe(`${name} keeps the contract of tasks:`, () => {
    beforeAll(async () => {
      await useBackend()
    })
    afterAll(async () => {
      ;(await kept)?.dispose()
      kept = undefined
    })

    it('each of its settings has a description and a default', () => {
      const schema = jsonSchemaOf(type.config)
      expect(undescribed(schema)).toEqual([])
      expect(schema.required ?? []).toEqual([])
      const { config } = type.create({} as z.input<S>, { registry, rng: new RandomStream(1) })
      expect(config.model.type).toMatch(/\S/)
    })

    it('it refuses a setting that it does not have', () => {
      const wrong = { ...(settings as object), 'a setting that nobody knows': 1 } as z.input<S>
      expect(() => type.create(wrong, { registry, rng: new RandomStream(1) })).toThrow(/a setting that nobody knows/)
    })

    it('before it is fitted it asks to be', async () => {
      for (const use of [create().predict(inputs), create().evaluate(heldOut)]) {
        const failure: unknown = await use.catch((error: unknown) => error)
        expect(isHeddleError(failure) && failure.code).toBe('usage')
      }
    })

    it('it learns without held-out examples too', async () => {
      const task = create()
      expect((await task.fit(train, { steps: STEPS })).reason).toBe('finished')
      task.dispose()
    })

    it('it reports every metric that it states, as a finite number', async () => {
      const task = await shared()
      const { metrics } = task.pipeline
      const reported = await task.evaluate(heldOut)
      expect(metrics.length).toBeGreaterThan(0)
      for (const { name: metric, summary } of metrics) {
        expect(summary, metric).toMatch(/\S/)
        expect(Number.isFinite(reported[metric]), `${metric}: ${reported[metric]}`).toBe(true)
      }
    })

    it('it gives one prediction an input, whatever stands beside it, as data and as a line', async () => {
      const task = await shared()
      const predictions: readonly unknown[] = await task.predict(inputs)
      expect(predictions).toHaveLength(inputs.length)
      expect(JSON.parse(JSON.stringify(predictions))).toEqual(predictions)
      for (const prediction of predictions) expect(task.pipeline.format(prediction)).toBeTypeOf('string')
      const alone: unknown[] = []
      for (const input of [...inputs].reverse()) alone.unshift(...(await task.predict([input])))
      expect(alone).toEqual(about(predictions))
      expect(await task.predict([])).toEqual([])
    })

    it('saved and opened, it predicts and evaluates the same, and has the same settings', async () => {
      const task = await shared()
      const store = new MemoryStore()
      await task.save(store)
      const opened = await openTask(store, registry)
      expect(await opened.predict(inputs)).toEqual(await task.predict(inputs))
      expect(await opened.evaluate(heldOut)).toEqual(await task.evaluate(heldOut))
      expect(opened.config).toEqual(task.config)
      expect(opened.modelSpec).toEqual(task.modelSpec)
      expect(await weights(opened as Task<E, L>)).toEqual(await weights(task))
      opened.dispose()
    })

    it('the same seed gives the same weights', async () => {
      const second = await fitted()
      expect(await weights(second)).toEqual(await weights(await shared()))
      second.dispose()
    })

    it('stopped and resumed, it ends with the same weights', async () => {
      const whole = await shared()
      const store = new MemoryStore()
      const controller = new AbortController()
      const stopped = create()
      const { reason } = await stopped.fit(train, {
        ...{ validation: heldOut, steps: STEPS, store, signal: controller.signal },
        events: { onStep: ({ step }) => step === 1 && controller.abort() },
      })
      const resumed = create()
      // A model that is fitted in one pass has nothing to resume.
      expect(reason).toBe('objective' in stopped.pipeline.learning ? 'aborted' : 'finished')
      await resumed.fit(train, { validation: heldOut, steps: STEPS, store, resume: true })
      expect(await weights(resumed)).toEqual(await weights(whole))
      stopped.dispose()
      resumed.dispose()
    })

    it('it shows what it does with unseen examples, as data', async () => {
      const task = await shared()
      const exhibits = await task.demonstrate(heldOut)
      expect(exhibits.length).toBeGreaterThan(0)
      for (const { kind, title } of exhibits) {
        expect(kind).toMatch(/\S/)
        expect(title).toBeTypeOf('string')
      }
      expect(JSON.parse(JSON.stringify(exhibits))).toEqual(exhibits)
    })

    it('disposed it leaves no tensor behind, also after an error in the middle of fit', async () => {
      const before = tf.memory().numTensors
      const task = await fitted()
      await task.evaluate(heldOut)
      await task.predict(inputs)
      await task.demonstrate(heldOut)
      task.dispose()
      expect(tf.memory().numTensors, 'after use').toBe(before)
      const failing = create()
      const stop = () => {
        throw new Error('stopped by the suite')
      }
      const events = { onStep: stop, onValidation: stop }
      await expect(failing.fit(train, { validation: heldOut, steps: STEPS, events })).rejects.toThrow('by the suite')
      failing.dispose()
      expect(tf.memory().numTensors, 'after an error').toBe(before)
    })
  })
}

/** Numbers may differ in their last digits: a batch is padded, one input is not. */
function about(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 3)
  if (Array.isArray(value)) return value.map(about)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, about(inner)]))
}
