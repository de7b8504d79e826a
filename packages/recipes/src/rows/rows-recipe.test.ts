import { RandomStream } from '@heddle/core'
import { type DataFile, memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { drawnDigits } from '@heddle/synthetic'
import { MemoryStore } from '@heddle/trainer'
import { encode } from 'fast-png'
import { beforeAll, describe, expect, it } from 'vitest'
import { recipePoint } from '../recipe.ts'
import { closeRun, openRun } from '../run.ts'
import { idxFile } from '../test-support/idx-file.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'
import type { LabelledImage } from './images.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** The picture twice as large, in grey. */
function pngOf({ pixels, width, height }: LabelledImage): Uint8Array {
  const data = Uint8Array.from({ length: 4 * pixels.length }, (_, i) => {
    const [x, y] = [i % (2 * width), Math.floor(i / (2 * width))]
    return pixels[Math.floor(y / 2) * width + Math.floor(x / 2)]!
  })
  return encode({ width: 2 * width, height: 2 * height, data, channels: 1, depth: 8 })
}

describe('rows', () => {
  const recipe = registry.create(recipePoint, { type: 'rows' }, undefined)

  it('reads pictures and labels from two IDX files', async () => {
    const images = memorySource(
      'a-images',
      idxFile(
        [2, 2, 3],
        Uint8Array.from({ length: 12 }, (_, i) => i),
      ),
    )
    const labels = memorySource('a-labels', idxFile([2], Uint8Array.of(7, 4)))
    const { examples } = await recipe.read({ name: 'both', files: [...images.files, ...labels.files] })
    expect(examples).toEqual([
      { pixels: Uint8Array.of(0, 1, 2, 3, 4, 5), width: 3, height: 2, label: '7' },
      { pixels: Uint8Array.of(6, 7, 8, 9, 10, 11), width: 3, height: 2, label: '4' },
    ])
  })

  it('refuses pictures of different sizes', () => {
    const [small, large] = [8, 9].map((size) => drawnDigits(10, new RandomStream(1), { size }))
    expect(() => recipe.fit([...small!, ...large!])).toThrow('expected pictures of 8 × 8 pixels')
  })

  it('learns digits far better than their mean pictures tell', async () => {
    const sizes = { images: 2000, size: 16, hiddenSize: 48, numLayers: 1, shift: 1 }
    const schedule = { steps: 300, batchSize: 64, warmupSteps: 20, evaluateEvery: 300, learningRate: 8e-3 }
    const store = new MemoryStore()
    const trained = await trainRun({ registry, store, recipe: { type: 'rows', ...sizes, ...schedule } })
    const { metrics, baseline } = trained.evaluation!
    expect(metrics['accuracy']).toBeGreaterThan(0.97)
    expect(1 - baseline!['accuracy']!).toBeGreaterThan(3 * (1 - metrics['accuracy']!))
    expect(trained.exhibits.map(({ kind }) => kind)).toEqual(['pictures', 'confusion'])
    closeRun(trained.run)

    const run = await openRun({ store, registry })
    const digits = drawnDigits(20, new RandomStream(9), { size: 16 })
    const openFile = (name: string): DataFile => ({ name, bytes: async () => pngOf(digits[Number(name)]!) })
    const predict = registry.create(usePoint, { type: 'predict' }, { run, name: 'run', openFile })
    const { outputs, json } = await predict(digits.map((_, i) => `${i}`))
    const right = (json as { prediction: { label: string } }[]).filter(
      ({ prediction }, i) => prediction.label === digits[i]!.label,
    )
    expect(right.length).toBeGreaterThan(17)
    expect(outputs[0]).toMatch(/^\d \(\d+ %\)$/)
    const blind = registry.create(usePoint, { type: 'predict' }, { run, name: 'run' })
    await expect(blind(['0'])).rejects.toThrow('expected an application that opens files')
    closeRun(run)
  })
})
