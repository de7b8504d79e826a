import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddle, heddleMany, set, startHeddle } from '../test-support/heddle.ts'
import { itExplains, type Mistake } from '../test-support/mistakes.ts'

/** Trials of the search that is killed; each costs the start of a process. */
const TRIALS = Number(process.env['HEDDLE_SEARCH_TRIALS'] ?? 4)

const cwd = mkdtempSync(join(tmpdir(), 'heddle-search-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true, maxRetries: 5 }))

const space = {
  'training.learningRate': { type: 'log-uniform', low: 1e-4, high: 1 },
  hiddenSize: { type: 'integer', low: 4, high: 16, log: true },
  'training.optimizer': { type: 'choice', values: ['adamw', { type: 'sgd', momentum: 0.9 }] },
}
const tiny = [
  ...['--threads', '1', '--trials', `${TRIALS}`, '--jobs', '2', '--seed', '3'],
  ...['--method', '{"type":"tpe","startup":2}', '--pruner', '{"type":"median","startup":2}'],
  ...set({ 'data.count': 120, 'training.steps': 30, 'training.evaluateEvery': 3, 'training.batchSize': 16 }),
]
const start = ['search', 'names', '--space', 'space.json', ...tiny]
writeFileSync(join(cwd, 'space.json'), JSON.stringify(space))

interface Table {
  readonly trials: readonly Record<string, unknown>[]
}
const tableOf = (folder: string) => {
  const { trials, ...rest }: Table = JSON.parse(readFileSync(join(cwd, folder, 'trials.json'), 'utf8'))
  return { ...rest, trials: trials.map(({ seconds: _, ...trial }) => trial) }
}

describe('heddle search with mistakes', () => {
  writeFileSync(
    join(cwd, 'wrong.json'),
    JSON.stringify({
      'training.learninRate': { type: 'uniform', low: 0, high: 1 },
      'model.hiddenSize': { type: 'uniform', low: 1, high: 20 },
      'training.optimizer': { type: 'choice', values: ['adamm', 'sgd'] },
    }),
  )
  const width = { type: 'integer', low: 4, high: 16 }
  writeFileSync(join(cwd, 'twice.json'), JSON.stringify({ hiddenSize: width, 'model.hiddenSize': width }))
  const mistakes: Mistake[] = [
    [
      ['search', 'names', '--space', 'twice.json'],
      /twice.json: expected each setting once, got 'hiddenSize' and 'model.hiddenSize', which are one/,
    ],
    [['search', 'names'], /expected a recipe and --space FILE, got no --space/],
    [['search', 'names', '--space', 'nowhere.json'], /--space: expected a JSON file at nowhere.json, got none/],
    [
      ['search', 'names', '--space', 'wrong.json'],
      /'training.learninRate': unknown key .*'learningRate'.*'model.hiddenSize': expected integer.*'training.optimizer': .*"adamm".*'adamw'/,
    ],
    [['search', 'names', '--space', 'space.json', '--method', 'annealing'], /no search-method is named "annealing"/],
    [['search', 'names', '--space', 'space.json', '--pruner', '{"type":"median","start":1}'], /unknown key 'start'/],
    [['search', 'names', '--space', 'space.json', '--set', 'training.steps=0'], /training.steps/],
    [['search', 'names', '--space', 'space.json', '--method', 'grid', '--trials', '1'], /expected at least 2 trials/],
    [['search', '--resume', '.', '--seed', '2'], /search --resume: expected no --seed/],
    [['search', '--resume', '.'], /expected a search with the file study.json, got none/],
    [
      ['search', 'names', '--space', 'space.json', '--out', 'q', '--queue', 'redis://127.0.0.1:1'],
      /expected a Redis server at redis:\/\/127.0.0.1:1/,
    ],
  ]
  let results: readonly Finished[]
  beforeAll(async () => {
    results = await heddleMany(
      cwd,
      mistakes.map(([args]) => args),
    )
  })
  itExplains('heddle', mistakes, () => results)

  it('leaves nothing behind', () => {
    for (const folder of ['runs', 's', 'wrong']) expect(existsSync(join(cwd, folder))).toBe(false)
  })
})

describe('heddle search', () => {
  it('ends with the same table when it is killed with SIGKILL and resumed', async () => {
    const whole = await heddle(cwd, ...start, '--out', 'whole', '--json')
    expect(whole.code, whole.stderr).toBe(0)
    const result = JSON.parse(whole.stdout)
    expect(result).toMatchObject({ command: 'search', metric: 'accuracy', direction: 'maximize' })
    expect(result.trials).toHaveLength(TRIALS)

    const reports = () => {
      const journal = join(cwd, 'killed', 'journal.jsonl')
      return existsSync(journal) ? readFileSync(journal, 'utf8').split('"intermediate_value"').length - 1 : 0
    }
    let line = [...start, '--out', 'killed']
    for (const wanted of [2, 4 * TRIALS]) {
      const { process: search, finished } = startHeddle(cwd, ...line)
      while (reports() < wanted && search.exitCode === null) await wait(20)
      search.kill('SIGKILL')
      expect((await finished).code).toBe(null)
      line = ['search', '--resume', 'killed', '--jobs', '2', '--threads', '1']
    }
    const resumed = await heddle(cwd, ...line, '--json')
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(tableOf('killed')).toEqual(tableOf('whole'))
    expect(existsSync(join(cwd, 'killed', 'trials/0000', 'metrics.json'))).toBe(true)
    expect(readFileSync(join(cwd, 'killed', 'search.html'), 'utf8')).toContain('Effect of each parameter')
  })
})
