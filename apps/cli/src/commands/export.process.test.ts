import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors } from '@heddle/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Finished, heddleMany, set } from '../test-support/heddle.ts'

const SMALL = [
  ...['--backend', 'cpu'],
  ...set({ 'data.count': 600, windowLength: 12, batchSize: 2, evaluateEvery: 2, steps: 2, sampleLength: 2 }),
]
const GPT2 = set({
  ...{ model: 'transformer-lm', hiddenSize: 8, numLayers: 1, numHeads: 2 },
  ...{ contextLength: 12, positions: 'learned' },
})
const ADAPTERS = ['--from', 'gpt2', ...set({ 'training.adapters': 'lora', 'training.optimizer.layerDecay': 0.9 })]
const CPU = ['--backend', 'cpu']

let folder: string
const finished: Record<string, Finished> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-export-'))
  const lines: Readonly<Record<string, string[]>> = {
    base: ['train', 'char-lm', '--out', 'base', ...SMALL, ...GPT2],
    export: ['export', 'base', '--out', 'gpt2', '--json', ...CPU],
    again: ['export', 'base', '--out', 'gpt2', ...CPU],
    tuned: ['train', 'char-lm', '--out', 'tuned', ...SMALL, ...ADAPTERS],
    unsaid: ['export', 'tuned', '--out', 'x', ...CPU],
    both: ['export', 'tuned', '--out', 'x', '--merge-adapters', '--adapters-only', ...CPU],
    merged: ['export', 'tuned', '--out', 'merged', '--merge-adapters', ...CPU],
    alone: ['export', 'tuned', '--out', 'alone', '--adapters-only', ...CPU],
    none: ['export', 'base', '--out', 'x', '--adapters-only', ...CPU],
    deep: ['train', 'char-lm', '--out', 'deep', ...SMALL, '--from', 'base', ...set({ 'training.adapters': 'lora' })],
    origin: ['export', 'deep', '--out', 'x', '--adapters-only', ...CPU],
    batches: ['export', 'base', '--out', 'batches', '--batches', '2', ...CPU],
    recurrent: [
      'train',
      'char-lm',
      '--out',
      'recurrent',
      ...SMALL,
      ...set({ hiddenSize: 4, embeddingSize: 3, numLayers: 1 }),
    ],
    pytorch: ['export', 'recurrent', '--to', 'pytorch', '--out', 'pytorch', '--batches', '2', '--json', ...CPU],
    import: ['import', 'pytorch', '--out', 'imported', '--json', ...CPU],
    evaluate: ['evaluate', 'imported', ...CPU],
    onnx: ['export', 'recurrent', '--to', 'onnx', '--out', 'onnx', '--json', ...CPU],
    untrained: ['export', 'recurrent', '--to', 'onnx', '--out', 'x', '--batches', '2', ...CPU],
    noFolder: ['import', 'gpt2', '--out', 'x', ...CPU],
  }
  const results = await heddleMany(folder, Object.values(lines))
  for (const [i, name] of Object.keys(lines).entries()) finished[name] = results[i]!
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const json = async (path: string) => JSON.parse(await readFile(join(folder, path), 'utf8'))

it('writes folders of transformers and peft, on which training goes on', async () => {
  for (const name of ['base', 'export', 'tuned', 'merged', 'alone']) {
    expect(finished[name]!.code, `${name}: ${finished[name]!.stderr}`).toBe(0)
  }
  const { library, files } = JSON.parse(finished['export']!.stdout.trimEnd().split('\n').at(-1)!)
  expect(library).toBe('transformers')
  expect((await readdir(join(folder, 'gpt2'))).sort()).toEqual([...files].sort())
  expect(await json('gpt2/config.json')).toMatchObject({ architectures: ['GPT2LMHeadModel'], n_layer: 1 })
  expect(await json('tuned/config.json')).toMatchObject({
    task: { training: { optimizer: { type: 'adamw', weightDecay: 0.01, layerDecay: 0.9 } } },
  })
  const [base, merged] = await Promise.all(
    ['gpt2', 'merged'].map((name) => readFile(join(folder, name, 'model.safetensors'))),
  )
  expect(merged!.length).toBe(base!.length)
  expect(merged!.equals(base!)).toBe(false)
  expect((await json('alone/adapter_config.json')).base_model_name_or_path).toMatch(/gpt2$/)
})

const resultOf = (name: string) => JSON.parse(finished[name]!.stdout.trimEnd().split('\n').at(-1)!)

it('writes batches and settings of training beside a folder of transformers', async () => {
  expect(finished['batches']!.stderr).toBe('')
  expect(await json('batches/training/training.json')).toMatchObject({
    ...{ batches: 2, clipNorm: 1, clipValue: null },
    learningRates: [expect.any(Number), expect.any(Number)],
    optimizer: { type: 'adamw', beta2: 0.999 },
  })
  const { tensors } = readSafetensors(await readFile(join(folder, 'batches/training/batches.safetensors')))
  expect([...tensors.keys()].sort()).toEqual(
    ['0.ids', '0.labels', '0.startsStream', '1.ids', '1.labels', '1.startsStream'].sort(),
  )
  expect(tensors.get('1.ids')!.shape).toEqual([2, 12])
})

it('writes code of PyTorch, makes a run of it again, and writes graphs of ONNX', async () => {
  for (const name of ['recurrent', 'pytorch', 'import', 'evaluate', 'onnx']) {
    expect(finished[name]!.code, `${name}: ${finished[name]!.stderr}`).toBe(0)
  }
  const files = await readdir(join(folder, 'pytorch'))
  expect(files.sort()).toEqual(
    ['batches.safetensors', 'heddle', 'model.py', 'model.safetensors', 'train.py', 'training.json'].sort(),
  )
  expect(resultOf('pytorch')).toMatchObject({ library: 'pytorch', run: 'recurrent', out: 'pytorch' })
  expect((await json('pytorch/training.json')).learningRates).toHaveLength(2)
  expect(resultOf('import')).toMatchObject({ command: 'import', from: 'pytorch', out: 'imported' })
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    const [before, after] = await Promise.all(['recurrent', 'imported'].map((run) => readFile(join(folder, run, file))))
    expect(after!.equals(before!), file).toBe(true)
  }
  const { graphs } = resultOf('onnx')
  expect(graphs.length).toBeGreaterThan(0)
  for (const { file, outputs } of graphs) {
    expect(outputs.join()).toContain('logits')
    // ir_version, the first field of every ONNX model, is a number.
    expect((await readFile(join(folder, 'onnx', file)))[0]).toBe(0x08)
  }
  expect(await readFile(join(folder, 'onnx/tokenizer.json'))).toEqual(
    await readFile(join(folder, 'recurrent/tokenizer.json')),
  )
})

it.each([
  ['untrained', /export --to onnx: expected no --batches and no --data/],
  ['noFolder', /gpt2: expected a folder of heddle export --to pytorch/],
  ['again', /expected a new or empty folder, got gpt2/],
  ['unsaid', /expected --merge-adapters or --adapters-only, as tuned has adapters, got neither/],
  ['both', /expected either --merge-adapters or --adapters-only, got both/],
  ['none', /expected a run with adapters, got one without/],
  [
    'origin',
    /deep started from .*base, which is no folder of transformers.*Export it \(heddle export .*base --out DIR\)/,
  ],
])('says in one line what is wrong, and leaves nothing behind: %s', async (name, message) => {
  expect(finished[name]).toMatchObject({ code: 2 })
  expect(finished[name]!.stderr).toMatch(message)
  await expect(access(join(folder, 'x'))).rejects.toThrow()
  expect((await readdir(folder)).filter((each) => each.endsWith('.tmp'))).toEqual([])
})
