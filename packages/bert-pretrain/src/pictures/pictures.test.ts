import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import type { GrayPicture } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { layersPlugin } from '@heddle/layers'
import { tasksPlugin } from '@heddle/tasks'
import { taskContract } from '@heddle/testing/task'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { beforeAll, expect, it } from 'vitest'
import { bertPretrainPlugin } from '../plugin.ts'
import { jigsaw } from './jigsaw.ts'
import { maskedPatches } from './masked-patches.ts'

const registry = createRegistry([
  ...[layersPlugin, attentionPlugin, transformerPlugin, trainerPlugin, tasksPlugin, bertPretrainPlugin],
])
beforeAll(() => useWasm({ threads: 1 }))

/** Bars from left to right or from top to bottom, which get brighter: what a patch hides follows from the others. */
const picture = (n: number): GrayPicture => {
  const [size, isUpright] = [8, n % 2 === 0]
  const bar = Math.floor(n / 2) % size
  const pixels = Uint8Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)]
    return (isUpright ? x : y) === bar ? 100 + 20 * (isUpright ? y : x) : 0
  })
  return { pixels, width: size, height: size }
}
/** Brighter from the top left to the bottom right, so that every patch has its place. */
const slopes = Array.from({ length: 12 }, (_, n) => ({
  width: 8,
  height: 8,
  pixels: Uint8Array.from({ length: 64 }, (_, i) => (4 + n / 4) * (i % 8) + 14 * Math.floor(i / 8)),
}))
const pictures = (count: number) => Array.from({ length: count }, (_, i) => picture(i))
const encoder = { type: 'transformer', hiddenSize: 24, numLayers: 1, numHeads: 2 }
const tiny = { type: 'transformer', hiddenSize: 4, numLayers: 1, numHeads: 1 }
const training = { batchSize: 8, steps: 160, learningRate: 1e-2, warmupSteps: 10, shift: 0 }
const small = { grid: 2, training: { batchSize: 4 } }
const shared = {
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  train: pictures(12),
  heldOut: pictures(6),
  inputs: [picture(3), picture(6)],
}

taskContract('masked-patches', {
  ...shared,
  task: maskedPatches,
  settings: { ...small, model: { type: 'patch-filler', encoder: tiny } },
})
taskContract('jigsaw', {
  ...shared,
  task: jigsaw,
  settings: { ...small, model: { type: 'jigsaw-solver', encoder: tiny } },
})

it('masked patches are filled in from what is seen, and what is seen stays', async () => {
  const settings = { grid: 2, hidden: 0.25, training, model: { type: 'patch-filler', encoder } }
  const task = maskedPatches.create(settings, { registry, rng: new RandomStream(1) })
  await task.fit(pictures(16))
  expect((await task.evaluate(pictures(16)))['loss']).toBeLessThan(0.15)
  const [filled] = await task.predict([picture(4)])
  const changed = [...filled!.pixels.keys()].filter((i) => filled!.pixels[i] !== picture(4).pixels[i])
  const patches = new Set(changed.map((i) => 2 * Math.floor(i / 32) + Math.floor((i % 8) / 4)))
  expect(patches.size).toBeLessThanOrEqual(1)
  task.dispose()
})

it('the loss counts hidden pixels alone', async () => {
  const settings = { ...small, model: { type: 'patch-filler', encoder: tiny } }
  const task = maskedPatches.create(settings, { registry, rng: new RandomStream(1) })
  await task.prepare(pictures(16))
  const { learning, errorOf } = task.pipeline
  const [batch] = [...learning.validationBatches([picture(4)])]
  const [{ pixels, patches }] = batch as [{ pixels: Uint8Array; patches: Uint8Array }]
  const wrongWhere = (state: number) =>
    pixels.map((pixel, i) =>
      patches[2 * Math.floor(i / 32) + Math.floor((i % 8) / 4)] === state ? 255 - pixel : pixel,
    )
  expect(errorOf(wrongWhere(0), [picture(4)])).toBe(0)
  expect(errorOf(wrongWhere(1), [picture(4)])).toBeGreaterThan(1)
  task.dispose()
})

it('shuffled patches are put back', async () => {
  const settings = { grid: 2, moved: 1, training, model: { type: 'jigsaw-solver', encoder } }
  const task = jigsaw.create(settings, { registry, rng: new RandomStream(1) })
  await task.fit(slopes)
  expect((await task.evaluate(slopes))['accuracy']).toBeGreaterThan(0.9)
  task.dispose()
})
