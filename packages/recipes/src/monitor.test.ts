import { createRegistry, type PartSpec } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import { MemoryStore, type ValidationEvent } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AnyRecipe, recipePoint } from './recipe.ts'
import { registry } from './test-support/tiny.ts'
import { trainRun } from './train-run.ts'

const TINY = { names: 200, hiddenSize: 6, embeddingSize: 6, batchSize: 16, dropout: 0.4 }
const SCHEDULE = { steps: 36, warmupSteps: 1, evaluateEvery: 2, learningRate: 0.05 }

async function validated(recipe: Partial<PartSpec>) {
  const events: ValidationEvent[] = []
  const store = new MemoryStore()
  const onValidation = (event: ValidationEvent) => void events.push(event)
  const spec = { type: 'names', ...TINY, ...SCHEDULE, ...recipe }
  const { result } = await trainRun({ registry, store, recipe: spec, events: { onValidation } })
  return { events, result }
}

beforeAll(useCpu)

describe('the monitored metric', () => {
  it('is the accuracy where labels are given: its highest decides which weights are kept', async () => {
    const { events, result } = await validated({})
    const accuracies = events.map(({ metrics }) => metrics['accuracy']!)
    const losses = events.map(({ metrics }) => metrics['loss']!)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(result.best).toMatchObject({
      step: events[best]!.step,
      value: accuracies[best],
      metrics: events[best]!.metrics,
    })
    // Else the loss would have chosen the same.
    expect(losses.indexOf(Math.min(...losses))).not.toBe(best)
    expect(events.map(({ best }) => best)).toEqual(
      accuracies.map((value, i) => value > Math.max(-1, ...accuracies.slice(0, i))),
    )
  })

  it('may be the loss instead, whose lowest is best', async () => {
    const { events, result } = await validated({ monitor: 'loss' })
    const losses = events.map(({ metrics }) => metrics['loss']!)
    expect(result.best!.value).toBe(Math.min(...losses))
    expect(result.best!.step).toBe(events[losses.indexOf(Math.min(...losses))]!.step)
  })

  it('ends training when it has not improved for the patience', async () => {
    const { events, result } = await validated({ patience: 3 })
    expect(result.reason).toBe('patience')
    const accuracies = events.map(({ metrics }) => metrics['accuracy']!)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(events.length - 1 - best).toBe(3)
  })

  it('is one that validation has, or the settings are refused', async () => {
    await expect(validated({ monitor: 'macroF1' })).rejects.toThrow(/recipe 'names': 'monitor'/)
    const acme = {
      name: 'acme',
      contributes: [
        recipePoint.of({
          ...registry.get(recipePoint, 'names'),
          name: 'acme/names',
          create: (config, deps): AnyRecipe => {
            const recipe = registry.get(recipePoint, 'names').create(config, deps)
            return Object.assign(recipe, { training: { ...recipe.training, monitor: 'acuracy' } })
          },
        }),
      ],
    }
    const recipe = { type: 'acme/names', ...TINY, ...SCHEDULE }
    const withAcme = createRegistry([...registry.plugins, acme])
    await expect(trainRun({ registry: withAcme, store: new MemoryStore(), recipe })).rejects.toThrow(
      "recipe 'acme/names': expected monitor to be one of its metrics, got 'acuracy'. Did you mean 'accuracy'?",
    )
  })
})
