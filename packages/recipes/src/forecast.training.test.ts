import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { hourlyWeather } from '@heddle/synthetic'
import { openTask, usePoint } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('is far better than the day before on built-in weather, and continues a series', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'forecast',
    data: { count: 2000 },
    model: { hiddenSize: 24 },
    window: 24,
    horizon: 6,
    training: { steps: 160, warmupSteps: 20, evaluateEvery: 80, learningRate: 8e-3 },
  })
  const { metrics, baseline } = evaluation!
  expect(metrics['skill']).toBeGreaterThan(0.6)
  expect(metrics['skill']).toBeCloseTo(1 - metrics['mae']! / baseline!['mae']!, 6)
  expect(metrics['mae']).toBeLessThan(0.7 * baseline!['lastValueMae']!)
  expect(exhibits[0]).toMatchObject({ kind: 'series' })
  task.dispose()

  const opened = await openTask(store, registry)
  const { values, steps } = hourlyWeather(530, new RandomStream(9))
  const input = Array.from({ length: 24 }, (_, i) => `${steps[i + 500]},${values[i + 500]}`).join('\n')
  const predict = registry.create(usePoint, { type: 'predict' }, { task: opened, name: 'run' })
  const { json } = await predict([input])
  const forecast = (json as { prediction: number[] }[])[0]!.prediction
  const errors = forecast.map((value, h) => Math.abs(value - values[524 + h]!))
  expect(errors).toHaveLength(6)
  expect(errors.reduce((sum, error) => sum + error, 0) / 6).toBeLessThan(3)
  opened.dispose()
})
