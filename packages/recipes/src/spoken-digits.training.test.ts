import type { DataFile } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { openTask, usePoint } from '@heddle/tasks'
import { wavFile } from '@heddle/testing/files'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to write down voices that it has not heard, also from a file', async () => {
  const { store, task, evaluation, dataset } = await trained({
    type: 'spoken-digits',
    data: { count: 400, longest: 1, test: 60, validation: 20 },
    audio: { numMels: 16, framesPerStep: 4 },
    model: { hiddenSize: 40, embeddingSize: 16, dropout: 0 },
    decoding: { beamWidth: 1, maxLength: 8 },
    training: { steps: 140, batchSize: 16, warmupSteps: 10, evaluateEvery: 140, learningRate: 1.5e-2 },
  })
  expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.8)
  expect(evaluation!.metrics['characterErrorRate']).toBeLessThan(0.15)
  task.dispose()

  const opened = await openTask(store, registry)
  const clips = dataset.test.slice(0, 20) as { source: { samples: Float32Array }; target: string }[]
  const openFile = (path: string): DataFile => ({
    name: path,
    bytes: async () => wavFile(clips[Number(path.split('.')[0])]!.source.samples, 8000),
  })
  const describeFiles = registry.create(usePoint, { type: 'describe' }, { task: opened, name: 'run', openFile })
  const { outputs } = await describeFiles(clips.map((_, i) => `${i}.wav`))
  expect(outputs.filter((text, i) => text === clips[i]!.target).length).toBeGreaterThan(14)
  opened.dispose()
})
