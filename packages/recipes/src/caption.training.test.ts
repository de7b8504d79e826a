import type { DataFile, StyledPicture } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { type AttendedPictureExhibit, openTask, type SourceTargetPair, usePoint } from '@heddle/tasks'
import { encode } from 'fast-png'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to caption pictures in a style that it has not seen, and looks at them region by region', async () => {
  const { store, task, dataset, evaluation, exhibits } = await trained({
    type: 'caption',
    data: { count: 900, validation: 20, test: 60 },
    model: {
      encoder: { blocks: [12, 24, 32], summarySize: 64, dropout: 0 },
      embeddingSize: 24,
      hiddenSize: 64,
      dropout: 0,
    },
    augmentation: { geometry: 0, outline: 0.3, color: 0.2 },
    decoding: { beamWidth: 1, maxLength: 16 },
    training: { steps: 120, batchSize: 24, warmupSteps: 10, evaluateEvery: 120, learningRate: 6e-3 },
  })
  // An untrained model gives each of some 25 words the same probability: ln 25 is 3.2.
  expect(evaluation!.metrics['loss']).toBeLessThan(1.2)
  expect(evaluation!.metrics['tokenAccuracy']).toBeGreaterThan(0.5)
  const picture = exhibits.find((exhibit) => exhibit.kind === 'attended-picture') as AttendedPictureExhibit
  expect([picture.rows, picture.columns, picture.pixels.length]).toEqual([6, 6, 24 * 24 * 3])
  expect(picture.weights).toHaveLength(picture.words.length)
  for (const row of picture.weights) expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 4)
  task.dispose()

  const opened = await openTask(store, registry)
  const { source } = dataset.test[0] as SourceTargetPair<StyledPicture>
  const data = Uint8Array.from(source.pixels, (value) => Math.round(255 * value))
  const openFile = (name: string): DataFile => ({
    name,
    bytes: async () => encode({ width: 24, height: 24, data, channels: 3, depth: 8 }),
  })
  const describeFiles = registry.create(
    usePoint,
    { type: 'describe', beamWidth: 1 },
    { task: opened, name: 'run', openFile },
  )
  expect((await describeFiles(['picture.png'])).outputs[0]).toMatch(/^a (large|small) /)
  opened.dispose()
})
