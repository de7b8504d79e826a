import { RandomStream } from '@heddle/core'
import type { DataFile, GrayPicture } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { drawnDigits } from '@heddle/synthetic'
import { openTask, usePoint } from '@heddle/tasks'
import { encode } from 'fast-png'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** The picture twice as large. */
function pngOf({ pixels, width, height }: GrayPicture): Uint8Array {
  const data = Uint8Array.from({ length: 4 * pixels.length }, (_, i) => {
    const [x, y] = [i % (2 * width), Math.floor(i / (2 * width))]
    return pixels[Math.floor(y / 2) * width + Math.floor(x / 2)]!
  })
  return encode({ width: 2 * width, height: 2 * height, data, channels: 1, depth: 8 })
}

it('learns digits far better than their mean pictures tell, and reads them from files', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'rows',
    data: { count: 1600, size: 14 },
    model: { hiddenSize: 40, numLayers: 1 },
    training: { steps: 240, batchSize: 48, warmupSteps: 20, evaluateEvery: 240, learningRate: 1e-2, shift: 1 },
  })
  const { metrics, baseline } = evaluation!
  expect(metrics['accuracy']).toBeGreaterThan(0.94)
  expect(1 - baseline!['accuracy']!).toBeGreaterThan(2 * (1 - metrics['accuracy']!))
  expect(exhibits.map(({ kind }) => kind)).toEqual(['pictures', 'confusion', 'mistakes'])
  task.dispose()

  const opened = await openTask(store, registry)
  const digits = drawnDigits(20, new RandomStream(9), { size: 14 })
  const openFile = (name: string): DataFile => ({ name, bytes: async () => pngOf(digits[Number(name)]!) })
  const predict = registry.create(usePoint, { type: 'predict' }, { task: opened, name: 'run', openFile })
  const { outputs } = await predict(digits.map((_, i) => `${i}`))
  expect(outputs[0]).toMatch(/^\d \(\d+ %\)$/)
  expect(outputs.filter((output, i) => output.startsWith(digits[i]!.label)).length).toBeGreaterThan(16)
  opened.dispose()
})
