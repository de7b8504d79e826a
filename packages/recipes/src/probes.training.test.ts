import type { PartSpec } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { type AccuracyByLengthExhibit, recipeNamed } from '@heddle/tasks'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** Trains a probe; its accuracies by length, at the lengths of training and at longer ones. */
async function probed(settings: PartSpec) {
  const { task, evaluation, exhibits } = await trained(settings)
  const [byLength] = exhibits.filter(({ kind }) => kind === 'accuracy-by-length') as AccuracyByLengthExhibit[]
  task.dispose()
  const { lengths, longestInTraining } = byLength!
  const accuracy = (some: typeof lengths) => {
    const count = some.reduce((sum, each) => sum + each.count, 0)
    return some.reduce((sum, each) => sum + each.accuracy * each.count, 0) / count
  }
  return {
    ...evaluation!,
    inTraining: accuracy(lengths.filter(({ length }) => length <= longestInTraining)),
    longer: accuracy(lengths.filter(({ length }) => length > longestInTraining)),
  }
}

/** The accuracy that a recipe states. */
const stated = (name: string) => recipeNamed(registry, name).expected

describe('probes reach what their recipes state, here at shorter lengths,', () => {
  const training = { steps: 250, batchSize: 48, warmupSteps: 15, evaluateEvery: 250, learningRate: 1e-2 }
  const small = {
    data: { count: 3000, validation: 20, test: 200, longest: 6, longestTested: 8 },
    model: { embeddingSize: 16, hiddenSize: 64 },
    training,
  }

  it.each(['copy', 'reverse', 'sort'])('%s', async (type) => {
    const { metrics, baseline, inTraining, longer } = await probed({ type, ...small })
    expect(metrics['exactMatch']).toBeGreaterThan(stated(type)['exactMatch']!)
    expect(inTraining).toBe(metrics['exactMatch'])
    expect(longer).toBeLessThan(inTraining)
    expect(baseline!['exactMatch']).toBeLessThan(0.1)
  })

  it('addition, on the way there', async () => {
    const data = { count: 4000, validation: 20, test: 200, longest: 2, longestTested: 3 }
    const { metrics, baseline, inTraining, longer } = await probed({
      ...{ type: 'addition', ...small, data },
      training: { ...training, steps: 750, evaluateEvery: 750 },
    })
    // The default takes 40 s to what the recipe states.
    expect(metrics['exactMatch']).toBeGreaterThan(0.85)
    expect(baseline!['exactMatch']).toBeLessThan(0.5)
    expect(longer).toBeLessThan(inTraining - 0.3)
  })

  it('dyck, which a recurrent network goes on with beyond the lengths of training', async () => {
    const { metrics, inTraining, longer } = await probed({ type: 'dyck', training: { steps: 400, evaluateEvery: 200 } })
    expect(metrics['accuracy']).toBeGreaterThan(stated('dyck')['accuracy']!)
    expect(inTraining).toBeGreaterThan(0.95)
    expect(longer).toBeGreaterThan(0.7)
  })
})
