import { RandomStream } from '@heddle/core'
import type { DataFile } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { movingShapes } from '@heddle/synthetic'
import { openTask, usePoint } from '@heddle/tasks'
import { idxFile } from '@heddle/testing/files'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns motions that no single frame shows', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'frames',
    data: { count: 900, frames: 12, size: 10 },
    model: { hiddenSize: 48, numLayers: 1 },
    training: { steps: 300, batchSize: 32, warmupSteps: 20, evaluateEvery: 300, learningRate: 1e-2 },
  })
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.85)
  expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.4)
  expect(exhibits[0]).toMatchObject({ kind: 'pictures', width: 10, height: 10 })
  task.dispose()

  const opened = await openTask(store, registry)
  const [clip] = movingShapes(1, new RandomStream(9), { frames: 15, size: 10 })
  const files: Record<string, Uint8Array> = {
    'clip.idx': idxFile([15, 10, 10], clip!.pixels),
    'other-size.idx': idxFile([15, 5, 20], clip!.pixels),
    'picture.idx': idxFile([30, 50], clip!.pixels),
  }
  const openFile = (name: string): DataFile => ({ name, bytes: async () => files[name]! })
  const predict = registry.create(usePoint, { type: 'predict' }, { task: opened, name: 'run', openFile })
  const { outputs } = await predict(['clip.idx'])
  const labels = outputs[0]!.split(' ')
  expect(labels).toHaveLength(15)
  expect(labels.filter((label, t) => label === clip!.labels[t]).length).toBeGreaterThan(10)
  await expect(predict(['other-size.idx'])).rejects.toThrow('expected pictures of 10 × 10 pixels')
  await expect(predict(['picture.idx'])).rejects.toThrow('expected a clip of bytes [T, height, width], got the shape')
  opened.dispose()
})
