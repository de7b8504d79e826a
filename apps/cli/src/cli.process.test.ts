import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddle, heddleMany, lastLine, set } from './test-support/heddle.ts'

const TRANSLATE = set({
  'data.count': 150,
  validation: 8,
  test: 10,
  hiddenSize: 12,
  embeddingSize: 8,
  batchSize: 8,
  maxLength: 8,
  steps: 6,
  evaluateEvery: 3,
})
const CPU = ['--backend', 'cpu']

let folder: string
let translateRun: Record<string, unknown> & { metrics: Record<string, number>; run: string; report: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-cli-'))
  const { code, stdout, stderr } = await heddle(
    folder,
    'train',
    'translate',
    '--seed',
    '5',
    '--json',
    ...TRANSLATE,
    ...CPU,
  )
  expect(code, stderr).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  translateRun = lastLine(stdout)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('heddle train translate', () => {
  it('prints one line of JSON with all metrics, and leaves a whole run', async () => {
    expect(translateRun).toMatchObject({
      command: 'train',
      recipe: 'translate',
      seed: 5,
      steps: 6,
      part: 'test',
      data: null,
    })
    expect(Object.keys(translateRun.metrics)).toEqual([
      'exactMatch',
      'chrf',
      'bleu',
      'tokenAccuracy',
      'loss',
      'examples',
    ])
    expect(translateRun).toMatchObject({
      metric: 'exactMatch',
      expected: { exactMatch: 0.97 },
      baseline: { exactMatch: expect.any(Number), chrf: expect.any(Number), bleu: expect.any(Number) },
    })
    expect(await readdir(join(folder, translateRun.run))).toEqual(
      expect.arrayContaining([
        'config.json',
        'log.jsonl',
        'metrics.json',
        'model.safetensors',
        'report.html',
        'tokenizer.json',
        'tokenizer.target.json',
        'trainer',
      ]),
    )
  })

  it('writes a report that needs no network and shows curves, samples and attention', async () => {
    const html = await readFile(join(folder, translateRun.report), 'utf8')
    expect(html).not.toMatch(/(src|href)=|@import|url\(/)
    expect(html).toContain('aria-label="Loss"')
    expect(html.match(/class="attention"/g)!.length).toBeGreaterThan(2)
    expect(html).toContain('Unseen examples')
    expect(html).toMatch(/[가-힣]/)
  })

  it('evaluates to the same metrics as at the end of training', async () => {
    const { code, stdout } = await heddle(folder, 'evaluate', translateRun.run, '--json', ...CPU)
    expect(code).toBe(0)
    expect(lastLine(stdout)).toMatchObject({ part: 'test', metrics: translateRun.metrics })
  })

  it('translates, one line a text, with the map on demand', async () => {
    const options = ['--beam-width', '2', '--max-length', '4', '--attention', '--json']
    const [plain, searched] = (await heddleMany(folder, [
      ['translate', translateRun.run, 'Was she a doctor?', 'He was sick.', ...CPU],
      ['translate', translateRun.run, 'He was sick.', ...options, ...CPU],
    ])) as [Finished, Finished]
    expect(plain.stdout.trimEnd().split('\n')).toHaveLength(2)
    const [result] = lastLine(searched.stdout).results
    expect(result.source).toBe('He was sick.')
    expect(result.attention.source.at(-1)).toBe('<eos>')
    expect(result.attention.weights[0]).toHaveLength(5)
  })

  it('predicts the rows of a file, whose columns and order it keeps, as a whole or not at all', async () => {
    await writeFile(join(folder, 'rows.csv'), 'id,source\n7,He was sick.\n8,\n9,"Was she, ""he""?"\n')
    await writeFile(join(folder, 'broken.jsonl'), '{"source":"He was sick."}\nnothing\n{"source":"She was."}\n')
    await writeFile(join(folder, 'hopeless.jsonl'), 'nothing\n')
    const predict = (input: string, output: string) => [
      ...['predict', translateRun.run, '--input', input, '--output', output, '--json', ...CPU],
    ]
    const [whole, broken, hopeless, judged] = (await heddleMany(folder, [
      predict('rows.csv', 'out/rows.jsonl'),
      predict('broken.jsonl', 'out/broken.tsv'),
      predict('hopeless.jsonl', 'out/hopeless.tsv'),
      ['evaluate', translateRun.run, '--predictions', 'out/judged.tsv', '--json', ...CPU],
    ])) as [Finished, Finished, Finished, Finished]
    expect(lastLine(whole.stdout)).toMatchObject({ output: 'out/rows.jsonl', rows: 3, empty: 1 })
    const rows = (await readFile(join(folder, 'out/rows.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row))).toEqual([
      { id: '7', source: 'He was sick.', prediction: expect.any(String), logProbability: expect.any(Number) },
      { id: '8', source: '' },
      { id: '9', source: 'Was she, "he"?', prediction: expect.any(String), logProbability: expect.any(Number) },
    ])
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('broken.jsonl:2: expected a JSON value') })
    expect(lastLine(broken.stdout)).toMatchObject({ rows: 3, empty: 0, unread: 1 })
    const [, first, bad, last] = (await readFile(join(folder, 'out/broken.tsv'), 'utf8')).split('\n')
    expect([first, bad, last]).toEqual([expect.stringMatching(/^He.*\t-/), '\t\t', expect.stringMatching(/^She.*\t-/)])
    expect(hopeless).toMatchObject({ code: 2, stderr: expect.stringContaining('hopeless.jsonl:1: expected a JSON') })
    expect(judged.code, judged.stderr).toBe(0)
    expect(await readdir(join(folder, 'out'))).toEqual(['broken.tsv', 'judged.tsv', 'rows.jsonl'])
    const lines = (await readFile(join(folder, 'out/judged.tsv'), 'utf8')).trimEnd().split('\n')
    expect([lines[0], lines.length]).toEqual(['source\tgold\tprediction\tlogProbability', 11])
  })

  it('inspects parts, shapes, counts and plugins', async () => {
    const [{ stdout }, { stdout: json }] = (await heddleMany(folder, [
      ['inspect', 'model', translateRun.run, ...CPU],
      ['inspect', 'model', translateRun.run, '--json', ...CPU],
    ])) as [Finished, Finished]
    expect(stdout).toMatch(/recurrent-seq2seq: [\d,]+ parameters/)
    expect(stdout).toMatch(/query Linear +144 +weight \[12, 12\]/)
    expect(stdout).toContain("@heddle/attention: attention 'additive'")
    expect(lastLine(json).parameters.total).toBe(translateRun['parameters'])
  })

  it('checks data before they are trained on, and warns where training begins all the same', async () => {
    const texts = Array.from({ length: 80 }, (_, i) => `${i % 2 ? 'good' : 'bad'} film ${i}\t${i % 2}`)
    const header = 'document\tlabel'
    await writeFile(join(folder, 'learn.tsv'), [header, ...texts].join('\n'))
    await writeFile(join(folder, 'judge.tsv'), [header, ...texts.slice(0, 6), 'caf\u00c3\u00a9\t7'].join('\n'))
    const small = set({ hiddenSize: 4, 'model.ngrams': null })
    const data = ['sentiment', '--data', 'learn.tsv', '--test', 'judge.tsv', ...small, ...CPU]
    const training = set({ steps: 1, evaluateEvery: 1, batchSize: 4 })
    const [checked, good, trained] = (await heddleMany(folder, [
      ['check-data', ...data, '--json'],
      ['check-data', 'sentiment', ...set({ 'data.count': 200 }), '--quick', ...CPU],
      ['train', ...data, ...training, '--out', 'warned'],
    ])) as [Finished, Finished, Finished]
    expect(checked.code, checked.stderr).toBe(1)
    const warnings = lastLine(checked.stdout).findings.filter(({ isWarning }: { isWarning: boolean }) => isWarning)
    expect(warnings.map(({ check }: { check: string }) => check)).toEqual(
      expect.arrayContaining(['parts', 'unseen', 'encoding: twice decoded']),
    )
    expect(checked.stderr).toContain('First steps')
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('Nothing speaks against these data')])
    expect([trained.code, trained.stdout]).toEqual([
      0,
      expect.stringMatching(/! 6 of 1\d .*held-out examples are in another part/),
    ])
  })

  it('takes a file of pairs', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${'one '.repeat(1 + (i % 5))}${i}\teins ${i}\tnobody`).join('\n')
    await writeFile(join(folder, 'pairs.tsv'), rows)
    const args = [...TRANSLATE, '--set', 'steps=2', '--data', 'pairs.tsv', '--out', 'from-file', '--json', ...CPU]
    const { code, stdout, stderr } = await heddle(folder, 'train', 'translate', ...args)
    expect(code, stderr).toBe(0)
    expect(lastLine(stdout)).toMatchObject({ data: 'pairs.tsv', metrics: { examples: 6 } })
    expect(lastLine(stdout)['expected']).toBeUndefined()
    // The run remembers where its data are, and checks that they are the same.
    const [evaluated] = await heddleMany(folder, [['evaluate', 'from-file', '--json', ...CPU]])
    expect(lastLine(evaluated!.stdout)).toMatchObject({ part: 'test', metrics: lastLine(stdout).metrics })
    await writeFile(join(folder, 'pairs.tsv'), `${rows}\none more\teins mehr\tnobody`)
    const [changed] = await heddleMany(folder, [['evaluate', 'from-file', ...CPU]])
    expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('(pairs.tsv), got other content') })
    await rename(join(folder, 'pairs.tsv'), join(folder, 'moved.tsv'))
    const moved = await heddleMany(folder, [
      ['evaluate', 'from-file', ...CPU],
      ['train', '--resume', 'from-file', ...CPU],
    ])
    for (const { code, stderr } of moved) {
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/pairs\.tsv, got none.* Name their new place with --data/),
      ])
    }
  })
})
