import type { DataFile, StyledPicture } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { encode } from 'fast-png'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'
import type { WritingExample } from '../writing/exact-match.ts'
import { CaptionRecipe, captionConfig } from './caption-recipe.ts'

describe('caption', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('tests on a style of drawing that training does not have', () => {
    const recipe = new CaptionRecipe(captionConfig.parse({ pictures: 600, validation: 20, testStyle: 1 }))
    const { train, validation, test } = recipe.split(recipe.builtIn(1), 1)
    const styles = (examples: readonly WritingExample<StyledPicture>[]) =>
      new Set(examples.map(({ source }) => source.style))
    expect(styles(test)).toEqual(new Set([1]))
    expect(styles([...train, ...validation])).toEqual(new Set([0, 2]))
    expect(validation).toHaveLength(20)
    expect(() => new CaptionRecipe(captionConfig.parse({ testStyle: 3 })).split(recipe.builtIn(1), 1)).toThrow(
      'caption: expected testStyle below 3, got 3.',
    )
  })

  it('learns to caption pictures in a style that it has not seen, and looks at them region by region', async () => {
    const store = new MemoryStore()
    const recipe = {
      type: 'caption',
      pictures: 3000,
      validation: 100,
      blocks: [24, 48, 64],
      summarySize: 192,
      embeddingSize: 48,
      hiddenSize: 128,
      dropout: 0,
      geometry: 0,
      outline: 0.3,
      color: 0.2,
      beamWidth: 1,
      learningRate: 3.5e-3,
      steps: 320,
      warmupSteps: 30,
      evaluateEvery: 320,
    }
    const { run, dataset, evaluation, exhibits } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(1.6 * evaluation!.baseline!['exactMatch']!)
    expect(evaluation!.metrics['chrf']).toBeGreaterThan(evaluation!.baseline!['chrf']! + 12)
    const picture = exhibits.find((exhibit) => exhibit.kind === 'attended-picture')!
    expect([picture.rows, picture.columns, picture.pixels.length]).toEqual([6, 6, 24 * 24 * 3])
    expect(picture.weights).toHaveLength(picture.words.length)
    for (const row of picture.weights) expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 4)
    closeRun(run)

    const opened = await openRun({ store, registry })
    const { source } = dataset.test[0] as WritingExample<StyledPicture>
    const data = Uint8Array.from(source.pixels, (value) => Math.round(255 * value))
    const openFile = (name: string): DataFile => ({
      name,
      bytes: async () => encode({ width: 24, height: 24, data, channels: 3, depth: 8 }),
    })
    const describeFiles = registry.create(
      usePoint,
      { type: 'describe', beamWidth: 1 },
      { run: opened, name: 'run', openFile },
    )
    expect((await describeFiles(['picture.png'])).outputs[0]).toMatch(/^a (large|small) /)
    closeRun(opened)
  })
})
