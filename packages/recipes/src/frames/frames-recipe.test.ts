import { type DataFile, memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { recipePoint } from '../recipe.ts'
import { closeRun, openRun } from '../run.ts'
import { idxFile } from '../test-support/idx-file.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'
import { generateClips, type LabelledClip } from './clips.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** The middle of what is bright in a frame. */
function middle({ pixels, width, height }: LabelledClip, frame: number): { x: number; y: number; mass: number } {
  let [mass, x, y] = [0, 0, 0]
  for (let i = 0; i < width * height; i++) {
    const bright = Math.max(0, pixels[frame * width * height + i]! - 110)
    mass += bright
    x += bright * (i % width)
    y += bright * Math.floor(i / width)
  }
  return { x: x / mass, y: y / mass, mass }
}

describe('generateClips', () => {
  it('labels each frame with what the shape did since the one before', () => {
    const clips = generateClips({ count: 50, frames: 12, size: 14, seed: 3 })
    const changes = new Map<string, number[]>()
    for (const clip of clips) {
      for (let t = 1; t < clip.labels.length; t++) {
        const [before, now] = [middle(clip, t - 1), middle(clip, t)]
        const [dx, dy] = [Math.round(now.x - before.x), Math.round(now.y - before.y)]
        const label = clip.labels[t]!
        const motion = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1], still: [0, 0] }[label]
        if (motion !== undefined) expect([dx + 0, dy + 0], `${label} at ${t}`).toEqual(motion)
        changes.set(label, [...(changes.get(label) ?? []), now.mass - before.mass])
      }
    }
    expect(changes.size).toBe(7)
    // A shape of a few pixels grows by less than the noise now and then, but not on the mean.
    const mean = (label: string) =>
      changes.get(label)!.reduce((sum, change) => sum + change, 0) / changes.get(label)!.length
    expect(mean('growing')).toBeGreaterThan(300)
    expect(mean('shrinking')).toBeLessThan(-300)
    expect(Math.abs(mean('still'))).toBeLessThan(50)
  })
})

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
    const [clip] = generateClips({ count: 1, frames: 15, size: 10, seed: 9 })
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
