import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddleMany, set } from '../test-support/heddle.ts'
import { itExplains, type Mistake } from '../test-support/mistakes.ts'

const cwd = mkdtempSync(join(tmpdir(), 'heddle-combine-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const CPU = ['--backend', 'cpu']
const tiny = {
  'data.count': 120,
  'data.seed': 1,
  steps: 12,
  batchSize: 8,
  learningRate: 0.05,
  evaluateEvery: 4,
  keepBest: 2,
  embeddingSize: 4,
}
const train = (seed: number, settings: object = {}, recipe = 'names') => [
  ...['train', recipe, '--seed', `${seed}`, '--out', `${recipe}-${seed}`, ...CPU],
  ...set({ ...tiny, hiddenSize: 6, ...settings }),
]

const lastLine = ({ code, stdout, stderr }: Finished) => {
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
}
const weightsOf = (run: string) => readFileSync(join(cwd, run, 'model.safetensors')).toString('hex')

const MISTAKES: readonly Mistake[] = [
  [['ensemble', 'names-1', 'nowhere', '--out', 'x'], /nowhere: expected the folder of a run, got none/],
  [
    ['ensemble', 'names-1', 'sentiment-1', '--out', 'x'],
    /ensemble: expected runs that learned the same tokenizer.json, labels.json, got other content in names-1 and sentiment-1/,
  ],
  [['ensemble', 'names-1', 'names-2', '--out', 'names-3'], /expected a new or empty folder, got names-3/],
  [
    ['average', 'names-1', 'names-3', '--out', 'x'],
    /average: expected runs with the same model, got .* differ in .*model\.cell .*Combine their probabilities with an ensemble/,
  ],
  [['evaluate', 'names-1', 'names-2', ...CPU], /expected one run, or --ensemble/],
  [['train', '--resume', 'moved', ...CPU], /expected a run with a checkpoint, got weights without one.*--from moved/],
  [['train', '--resume', 'mean', ...CPU], /expected a run with a checkpoint, got weights without one/],
  [['lr-find', 'names', '--lowest', '1', '--highest', '0.1'], /expected --lowest above 0 and below --highest/],
  [['lr-find', 'names', '--steps', '3'], /--steps: expected a whole number from 10 on, got "3"/],
]

const small = set({ 'data.count': 120, batchSize: 8, embeddingSize: 4, hiddenSize: 6 })
const MEMBERS = ['names-1', 'names-2', 'names-3']
const LINES = {
  ...Object.fromEntries([...MEMBERS, 'moved'].map((run) => [run, ['predict', run, 'Yamamoto', 'Kim', '--json']])),
  together: ['evaluate', ...MEMBERS, '--ensemble', '--json'],
  run: ['evaluate', 'moved', '--json'],
  rows: ['predict', 'moved', '--input', 'names.txt', '--output', 'rows.jsonl'],
  nested: ['ensemble', 'moved', 'names-1', '--out', 'nested', '--json'],
  ofNested: ['evaluate', 'nested', '--json'],
  parts: ['inspect', 'model', 'nested', '--json'],
  mean: ['evaluate', 'mean', '--json'],
  rates: ['lr-find', 'names', '--steps', '20', '--out', 'pages/rates.html', '--json', ...small],
}

let results: Record<string, Finished>
let mistaken: readonly Finished[]
let weights: string

beforeAll(async () => {
  const trained = [
    train(1),
    train(2),
    train(3, { hiddenSize: 5, cell: 'gru' }),
    train(1, { 'data.seed': 2 }, 'sentiment'),
    ['ensemble', ...MEMBERS, '--out', 'all'],
    ['average', 'names-1', 'names-2', '--out', 'mean'],
    ['average', 'names-1', '--out', 'best'],
  ]
  for (const { code, stderr } of await heddleMany(cwd, trained)) expect(code, stderr).toBe(0)
  renameSync(join(cwd, 'all'), join(cwd, 'moved'))
  writeFileSync(join(cwd, 'names.txt'), 'Yamamoto\nKim\n')
  weights = weightsOf('moved')
  const names = Object.keys(LINES)
  const lines = Object.values(LINES).map((line) => (line[0] === 'ensemble' ? line : [...line, ...CPU]))
  const all = await heddleMany(cwd, [...lines, ...MISTAKES.map(([args]) => args)])
  results = Object.fromEntries(names.map((name, i) => [name, all[i]!]))
  mistaken = all.slice(names.length)
})

describe('heddle ensemble', () => {
  it('writes a run whose probabilities are the means of those of its members, wherever the folder is', () => {
    const predictions = [...MEMBERS, 'moved'].map(
      (run) => lastLine(results[run]!).results as { prediction: { scores: Record<string, number> } }[],
    )
    for (const [i, { prediction }] of predictions.pop()!.entries()) {
      for (const [label, probability] of Object.entries(prediction.scores)) {
        const each = predictions.map((members) => members[i]!.prediction.scores[label]!)
        expect(probability).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / 3, 6)
        expect(new Set(each).size).toBe(3)
      }
    }
  })

  it('is evaluated as its members are with --ensemble, writes files, and is a member of another ensemble', () => {
    expect(lastLine(results['run']!).metrics).toEqual(lastLine(results['together']!).metrics)
    expect(results['rows']!.code, results['rows']!.stderr).toBe(0)
    expect(readFileSync(join(cwd, 'rows.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2)
    expect(lastLine(results['nested']!)).toEqual({ command: 'ensemble', run: 'nested', of: ['moved', 'names-1'] })
    expect(Number.isFinite(lastLine(results['ofNested']!).metrics.loss)).toBe(true)
    expect(lastLine(results['parts']!)).toMatchObject({ command: 'inspect model' })
  })
})

describe('heddle average', () => {
  it('writes the mean of weights, of runs or of the best validations of one', () => {
    const weights = ['names-1', 'names-2', 'mean', 'best'].map(weightsOf)
    expect(new Set(weights).size).toBe(4)
    expect(new Set(weights.map(({ length }) => length)).size).toBe(1)
    expect(Number.isFinite(lastLine(results['mean']!).metrics.loss)).toBe(true)
  })
})

describe('heddle lr-find', () => {
  it('shows the loss while the rate grows, on a page', () => {
    const { command, suggestion, points } = lastLine(results['rates']!)
    expect({ command, found: suggestion === null || suggestion > 0 }).toEqual({ command: 'lr-find', found: true })
    const rates = points.map(({ learningRate }: { learningRate: number }) => learningRate)
    expect(rates[0]).toBeCloseTo(1e-6, 12)
    expect(rates).toEqual([...rates].sort((a, b) => a - b))
    expect(readFileSync(join(cwd, 'pages/rates.html'), 'utf8')).toContain('Loss by learning rate')
    expect(existsSync(join(cwd, 'runs'))).toBe(false)
  })
})

describe('several runs as one, with mistakes', () => {
  itExplains('heddle', MISTAKES, () => mistaken)

  it('write nothing, and change no weights', () => {
    expect(existsSync(join(cwd, 'x'))).toBe(false)
    expect(weightsOf('moved')).toBe(weights)
  })
})
