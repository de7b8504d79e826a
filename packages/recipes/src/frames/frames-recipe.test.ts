import { RandomStream } from '@heddle/core'
import { type DataFile, memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { movingShapes } from '@heddle/synthetic'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { recipePoint } from '../recipe.ts'
import { closeRun, openRun } from '../run.ts'
import { idxFile } from '../test-support/idx-file.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('frames', () => {
  it('reads clips with a label for each frame from two IDX files', async () => {
    const recipe = registry.create(recipePoint, { type: 'frames' }, undefined)
    const clips = memorySource('clips', idxFile([1, 2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)))
    const labels = memorySource('labels', idxFile([1, 2], Uint8Array.of(1, 0)))
    const { examples } = await recipe.read({ name: 'both', files: [...clips.files, ...labels.files] })
    expect(examples).toEqual([{ pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 3, height: 1, labels: ['1', '0'] }])
  })

  it('learns motions that no single frame shows', async () => {
    const sizes = { clips: 1200, frames: 12, size: 10, hiddenSize: 64, numLayers: 1 }
    const schedule = { steps: 400, batchSize: 32, warmupSteps: 20, evaluateEvery: 400, learningRate: 8e-3 }
    const recipe = { type: 'frames', ...sizes, ...schedule }
    const store = new MemoryStore()
    const { run, evaluation, exhibits } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.9)
    expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.4)
    expect(exhibits[0]).toMatchObject({ kind: 'pictures', width: 10, height: 10 })
    closeRun(run)

    const opened = await openRun({ store, registry })
    const [clip] = movingShapes(1, new RandomStream(9), { frames: 15, size: 10 })
    const files: Record<string, Uint8Array> = {
      'clip.idx': idxFile([15, 10, 10], clip!.pixels),
      'other-size.idx': idxFile([15, 5, 20], clip!.pixels),
      'picture.idx': idxFile([30, 50], clip!.pixels),
    }
    const openFile = (name: string): DataFile => ({ name, bytes: async () => files[name]! })
    const predict = registry.create(usePoint, { type: 'predict' }, { run: opened, name: 'run', openFile })
    const { outputs } = await predict(['clip.idx'])
    const labels = outputs[0]!.split(' ')
    expect(labels).toHaveLength(15)
    expect(labels.filter((label, t) => label === clip!.labels[t]).length).toBeGreaterThan(11)
    await expect(predict(['other-size.idx'])).rejects.toThrow('other-size.idx: expected pictures of 10 × 10 pixels')
    await expect(predict(['picture.idx'])).rejects.toThrow('expected a clip of bytes [T, height, width], got the shape')
    closeRun(opened)
  })
})
