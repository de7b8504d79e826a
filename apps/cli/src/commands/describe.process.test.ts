import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wavFile } from '@heddle/testing/files'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddleMany, lastLine, set } from '../test-support/heddle.ts'

const CPU = ['--backend', 'cpu']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-describe-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('heddle describe and predict', () => {
  const SIZES = { hiddenSize: 8, embeddingSize: 4, batchSize: 8, steps: 2, warmupSteps: 1, evaluateEvery: 2 }

  beforeAll(async () => {
    const data = Uint8Array.from({ length: 24 * 24 * 3 }, (_, i) => (i * 7) % 256)
    await writeFile(join(folder, 'picture.png'), encode({ width: 24, height: 24, data, channels: 3, depth: 8 }))
    const samples = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i / 5) / 2)
    await writeFile(join(folder, 'clip.wav'), wavFile(samples, 8000))
    const runs = await heddleMany(folder, [
      [
        ...['train', 'caption', '--out', 'caption', '--json', ...CPU],
        ...set({
          ...SIZES,
          'data.count': 100,
          encoder: '{"blocks":[4,8],"summarySize":8}',
          validation: 4,
          maxLength: 5,
          beamWidth: 1,
        }),
      ],
      [
        ...['train', 'spoken-digits', '--out', 'digits', '--json', ...CPU],
        ...set({ ...SIZES, 'data.count': 100, validation: 4, test: 8, maxLength: 5, beamWidth: 1, numMels: 8 }),
      ],
    ])
    for (const { code, stderr } of runs) expect(code, stderr).toBe(0)
    expect(runs.map(({ stdout }) => lastLine(stdout))).toMatchObject([
      { metric: 'exactMatch', expected: { exactMatch: 0.9 }, baseline: { exactMatch: expect.any(Number) } },
      { metric: 'exactMatch', expected: { exactMatch: 0.95 }, baseline: { exactMatch: expect.any(Number) } },
    ])
  })

  it('read the files that are named: a picture, a sound', async () => {
    const [caption, words, predicted] = (await heddleMany(folder, [
      ['describe', 'caption', 'picture.png', '--max-length', '4', '--json', ...CPU],
      ['describe', 'digits', 'clip.wav', 'clip.wav', '--max-length', '4', ...CPU],
      ['predict', 'digits', 'clip.wav', '--json', ...CPU],
    ])) as [Finished, Finished, Finished]
    expect(lastLine(caption.stdout), caption.stderr).toMatchObject({
      command: 'describe',
      results: [{ file: 'picture.png', text: expect.any(String) }],
    })
    const [first, second] = words.stdout.split('\n')
    expect(first).toBe(second)
    expect(lastLine(predicted.stdout).results).toMatchObject([
      { input: 'clip.wav', prediction: { text: expect.any(String), logProbability: expect.any(Number) } },
    ])
  })

  it('say which file is missing or of another kind, and nothing of data to train on', async () => {
    const [missing, directory, wrong] = (await heddleMany(folder, [
      ['describe', 'caption', 'nowhere.png', ...CPU],
      ['predict', 'digits', 'caption', ...CPU],
      ['describe', 'caption', 'clip.wav', ...CPU],
    ])) as [Finished, Finished, Finished]
    expect([missing.code, directory.code, wrong.code]).toEqual([2, 2, 2])
    expect(missing.stderr).toContain('describe: expected a readable file, got none at nowhere.png. Check the path.')
    expect(directory.stderr).toContain('predict: expected a readable file, got the folder caption. Check the path.')
    expect(wrong.stderr).toContain('clip.wav: expected a PNG picture')
    expect(missing.stderr + directory.stderr + wrong.stderr).not.toContain('--data')
  })
})
