import { RandomStream } from '@heddle/core'
import { type DataFile, readCaptionedClips, readLabeledClips, type StyledPicture } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { movingScenes, shapeMotions } from '@heddle/synthetic'
import { type AttendedPictureExhibit, openTask, usePoint } from '@heddle/tasks'
import { encode } from 'fast-png'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** The PNG files of a clip, in a folder. */
function framesOf(folder: string, { width, height }: Size, pixels: Uint8Array, channels: 1 | 3): DataFile[] {
  const size = width * height * channels
  return Array.from({ length: pixels.length / size }, (_, t) => {
    const data = pixels.slice(t * size, (t + 1) * size)
    return { name: `${folder}/${t}.png`, bytes: async () => encode({ width, height, data, channels, depth: 8 }) }
  })
}
type Size = Pick<StyledPicture, 'width' | 'height'>

const folderOf = (name: string, files: readonly DataFile[]): DataFile => ({
  name,
  bytes: async () => new Uint8Array(),
  files: async () => files,
})

it('clip-class tells motions apart that have the same frames, and reads folders of frames', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'clip-class',
    data: { count: 900, validation: 20, test: 150, size: 12 },
    model: { encoder: { frame: { blocks: [6, 12], summarySize: 32 }, encoder: { hiddenSize: 32 } } },
    training: { steps: 150, warmupSteps: 10, evaluateEvery: 150, learningRate: 8e-3 },
  })
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.9)
  expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.65)
  expect(exhibits.map(({ kind }) => kind)).toEqual(['pictures', 'confusion'])
  task.dispose()

  const opened = await openTask(store, registry)
  const clips = shapeMotions(12, new RandomStream(9), { size: 12 })
  const folders = clips.map((clip, i) => framesOf(`clips/${clip.labels[0]}/${i}`, clip, clip.pixels, 1))
  const openFile = (name: string) => folderOf(name, folders[Number(name)]!)
  const predict = registry.create(usePoint, { type: 'predict' }, { task: opened, name: 'run', openFile })
  const { outputs } = await predict(clips.map((_, i) => `${i}`))
  expect(outputs[0]).toMatch(/^\w+ \(\d+ %\)$/)
  expect(outputs.filter((output, i) => output.startsWith(`${clips[i]!.labels[0]} `)).length).toBeGreaterThan(9)
  const source = { name: 'clips', files: folders.flat() }
  const { examples } = await readLabeledClips(source, { where: 'clip-class', width: 12, height: 12 })
  expect((await opened.evaluate(examples))['accuracy']).toBeGreaterThan(0.75)
  opened.dispose()
})

it('clip-caption writes what happens, and attends to frame after frame', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'clip-caption',
    data: { count: 1000, validation: 20, test: 100, events: 1, size: 12 },
    model: {
      encoder: { frame: { blocks: [8, 16], summarySize: 48 }, encoder: { hiddenSize: 32 } },
      embeddingSize: 16,
      hiddenSize: 64,
    },
    training: { steps: 280, batchSize: 24, warmupSteps: 20, evaluateEvery: 280, learningRate: 5e-3 },
  })
  // One of 120 sentences.
  expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.45)
  expect(evaluation!.metrics['tokenAccuracy']).toBeGreaterThan(0.85)
  const film = exhibits.find(({ kind }) => kind === 'attended-picture') as AttendedPictureExhibit
  expect([film.width, film.height]).toEqual([12 * film.columns, 12 * film.rows])
  for (const row of film.weights) expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 4)
  task.dispose()

  const opened = await openTask(store, registry)
  const [clip] = movingScenes(1, new RandomStream(9), { events: 1, size: 12 })
  const bytes = Uint8Array.from(clip!.source.pixels, (value) => Math.round(255 * value))
  const frames = framesOf('clips/a', clip!.source, bytes, 3)
  const table = {
    name: 'captions.tsv',
    bytes: async () => new TextEncoder().encode(`clip\tcaption\na\t${clip!.target}\n`),
  }
  const { examples } = await readCaptionedClips(
    { name: 'clips', files: [...frames, table] },
    { where: 'clip-caption', column: 'caption', width: 12, height: 12 },
  )
  expect(await opened.evaluate(examples)).toMatchObject({ examples: 1 })
  const openFile = (name: string) => (name === 'a' ? folderOf(name, frames) : frames[0]!)
  const options = { type: 'describe', beamWidth: 1, attention: true }
  const describeClips = registry.create(usePoint, options, { task: opened, name: 'run', openFile })
  const { outputs, exhibits: maps } = await describeClips(['a'])
  expect(outputs[0]).toMatch(/^a \w+ \w+ \w+/)
  expect(maps).toMatchObject([{ kind: 'attention', source: frames.map((_, t) => `${t + 1}`) }])
  await expect(describeClips(['b'])).rejects.toThrow('clips/a/0.png: expected the folder of a clip')
  opened.dispose()
})
