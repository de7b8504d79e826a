import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddle, heddleMany, set, startHeddle } from './test-support/heddle.ts'
import { itExplains, type Mistake } from './test-support/mistakes.ts'

const PLUGIN = join(import.meta.dirname, '../../../examples/plugin-minimal-gated-cell')
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
const CHAR_LM = set({
  'data.count': 3000,
  hiddenSize: 12,
  embeddingSize: 6,
  numLayers: 1,
  windowLength: 16,
  batchSize: 4,
  evaluateEvery: 4,
  sampleLength: 20,
})
const CPU = ['--backend', 'cpu']

const MISTAKES: readonly Mistake[] = [
  [['train'], /expected a recipe, got none\. 'heddle list' shows them/],
  [['train', 'transalte'], /no recipe is named "transalte"\. Did you mean 'translate'\?/],
  [['train', 'translate', '--sed', '1'], /unknown option '--sed' \(Did you mean one of --seed, --set\?\)/],
  [['train', 'translate', '--seed', 'x'], /--seed: expected a whole number, got "x"/],
  [['train', 'translate', '--set', 'steps'], /expected key=value, got "steps"/],
  [['train', 'translate', '--set', 'stepz=3'], /unknown key 'stepz'\. Did you mean 'steps'/],
  [['train', 'translate', '--set', 'steps=many'], /--set training\.steps: expected integer, got "many"/],
  [['train', 'translate', '--set', 'steps=0'], /recipe 'translate': 'training\.steps': too small/],
  [['train', 'translate', '--set', 'optimizer.type=adamm', ...TRANSLATE, ...CPU], /no optimizer is named "adamm"/],
  [['train', 'translate', '--data', 'nowhere.tsv'], /expected a file or folder, got none at nowhere\.tsv/],
  [['train', 'translate', '--test', 'bad.tsv', ...CPU], /train --test: expected --data beside it, got none/],
  [
    ['train', 'translate', '--data', 'bad.tsv', '--test', 'nowhere.tsv', ...CPU],
    /--test: expected a file or folder, got none at nowhere\.tsv/,
  ],
  [['train', 'translate', '--data', 'bad.tsv', ...CPU], /bad\.tsv:2: expected 2 or more columns, got 1/],
  [['train', 'char-lm', '--data', 'latin1.txt', ...CPU], /latin1\.txt:1: expected UTF-8/],
  [
    ['train', 'char-lm', '--data', 'short.txt', ...CPU],
    /expected at least 97 characters for training and for validation, got 9 in all/,
  ],
  [['train', 'translate', '--out', 'full'], /got full, which holds something\. Choose another/],
  [['train', 'char-lm', '--set', 'cell=acme/mgu', ...CPU], /no cell is named "acme\/mgu"/],
  [['train', 'translate', '--plugin', './missing'], /--plugin: expected a folder or file, got none at \.\/missing/],
  [['train', 'translate', '--plugin', 'not-installed'], /expected an installed package, got no 'not-installed'/],
  [['train', 'translate', '--plugin', './not-a-plugin'], /expected an export \{ name, contributes \}, got answer/],
  [
    ['train', 'translate', '--plugin', './broken-plugin'],
    /which its package\.json names, got none\. Build the package/,
  ],
  [['train', '--resume', 'nowhere'], /nowhere: expected the folder of a run, got none/],
  [['train', '--resume', 'full'], /full: expected a run with the file config\.json, got none/],
  [['evaluate'], /missing required argument 'dirs'/],
  [['evaluate', 'damaged', ...CPU], /damaged: expected JSON in config\.json/],
  [['translate', 'full', ...CPU], /full: expected a run with the file config\.json, got none/],
  [['predict', 'full', 'x', '--output', 'y.tsv', ...CPU], /predict --output: expected --input, got arguments/],
  [['predict', 'full', '--input', 'bad.tsv', '--output', 'y.doc'], /--output: expected a file \.jsonl/],
  [['translate', 'full', 'x', '--input', 'y', ...CPU], /expected either arguments or --input, got both/],
  [['generate', 'full', '--temperature', '-1', '--prompt', 'x'], /'temperature': too small/],
  [['generate', 'full', '--sampler', '{"type":"greedy"', '--prompt', 'x'], /--sampler: expected JSON, got/],
  [['inspect', 'model', 'full/notes.txt'], /expected the folder of a run, got a file/],
  [['conquer'], /unknown command 'conquer'/],
  [['train', 'translate', '--backend', 'gpu'], /Allowed choices are wasm, cpu/],
  [['train', 'translate', '--threads', '0'], /--threads: expected a whole number from 1 on/],
]

let folder: string
let translateRun: Record<string, unknown> & { metrics: Record<string, number>; run: string; report: string }

const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!)

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
    await writeFile(join(folder, 'broken.jsonl'), '{"source":"He was sick."}\nnothing\n')
    const predict = (input: string, output: string) => [
      ...['predict', translateRun.run, '--input', input, '--output', output, '--json', ...CPU],
    ]
    const [whole, broken, judged] = (await heddleMany(folder, [
      predict('rows.csv', 'out/rows.jsonl'),
      predict('broken.jsonl', 'out/broken.tsv'),
      ['evaluate', translateRun.run, '--predictions', 'out/judged.tsv', '--json', ...CPU],
    ])) as [Finished, Finished, Finished]
    expect(lastLine(whole.stdout)).toMatchObject({ output: 'out/rows.jsonl', rows: 3, empty: 1 })
    const rows = (await readFile(join(folder, 'out/rows.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row))).toEqual([
      { id: '7', source: 'He was sick.', prediction: expect.any(String), logProbability: expect.any(Number) },
      { id: '8', source: '' },
      { id: '9', source: 'Was she, "he"?', prediction: expect.any(String), logProbability: expect.any(Number) },
    ])
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('broken.jsonl:2: expected a JSON object') })
    expect(judged.code, judged.stderr).toBe(0)
    expect(await readdir(join(folder, 'out'))).toEqual(['judged.tsv', 'rows.jsonl'])
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
    const data = ['sentiment', '--data', 'learn.tsv', '--test', 'judge.tsv', ...set({ hiddenSize: 4 }), ...CPU]
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

describe('heddle train char-lm', () => {
  it('stops at an interrupt with a checkpoint, and resumes, also after it was killed, to what it would have been', async () => {
    const args = ['train', 'char-lm', ...CHAR_LM, '--set', 'steps=30', ...CPU]
    const { process: child, finished } = startHeddle(folder, ...args, '--out', 'stopped', '--tensorboard')
    child.stdout!.on('data', (text: string) => {
      if (text.includes('step 1/30')) child.kill('SIGINT')
    })
    const stopped = await finished
    expect(stopped.code).toBe(130)
    expect(stopped.stdout).toMatch(/Stopped after step \d+\. Resume with: heddle train --resume stopped/)
    const killed = startHeddle(folder, 'train', '--resume', 'stopped', ...CPU)
    killed.process.stdout!.on('data', (text: string) => {
      if (text.includes('step 15/30')) killed.process.kill('SIGKILL')
    })
    expect((await killed.finished).code).toBe(null)
    const resumed = await heddle(folder, 'train', '--resume', 'stopped', '--json', ...CPU)
    const whole = await heddle(folder, ...args, '--out', 'whole', '--json')
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(lastLine(resumed.stdout).metrics).toEqual(lastLine(whole.stdout).metrics)
    const weights = (run: string) => readFile(join(folder, run, 'model.safetensors'))
    expect(await weights('stopped')).toEqual(await weights('whole'))
    const log = (await readFile(join(folder, 'stopped', 'log.jsonl'), 'utf8')).trimEnd().split('\n')
    const steps = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'step')
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    // Each of the three processes wrote a file for TensorBoard; together they have the settings and each step once.
    const files = (await readdir(join(folder, 'stopped'))).filter((name) => name.includes('tfevents'))
    const events = await Promise.all(files.map((name) => readFile(join(folder, 'stopped', name), 'latin1')))
    expect(files).toHaveLength(3)
    expect(events.join('').match(/training\/loss/g)).toHaveLength(30)
    expect(events.join('').match(/config/g)).toHaveLength(1)
    expect(events.sort().join('')).toContain('Generated')
  })

  it('is compared with other runs, each with what differs from the one before', async () => {
    await cp(join(folder, 'whole'), join(folder, 'wider'), { recursive: true })
    const config = await readFile(join(folder, 'wider/config.json'), 'utf8')
    await writeFile(join(folder, 'wider/config.json'), config.replaceAll('"hiddenSize": 12', '"hiddenSize": 24'))
    const compared = await heddle(folder, 'compare', 'whole', 'stopped', 'wider', '--json')
    expect(compared.code, compared.stderr).toBe(0)
    const { page, runs } = lastLine(compared.stdout) as { page: string; runs: { differs: string; metrics: object }[] }
    expect(runs.map(({ differs }) => differs)).toEqual(['first run', 'same settings', 'model.hiddenSize 24'])
    expect(runs[1]!.metrics).toEqual(runs[0]!.metrics)
    expect(compared.stderr).toMatch(/^run +.*perplexity/m)
    const html = await readFile(join(folder, page), 'utf8')
    expect(html).toContain('aria-label="Training loss"')
    for (const name of ['whole', 'stopped', 'wider', 'model.hiddenSize 24']) expect(html).toContain(name)
  })

  it("trains with a third party's cell, and says later which plugin is missing", async () => {
    const plugin = ['--plugin', PLUGIN]
    const args = [...CHAR_LM, '--set', 'steps=3', '--set', 'cell=acme/mgu', '--out', 'mgu', ...CPU]
    const trained = await heddle(folder, 'train', 'char-lm', ...plugin, ...args)
    expect(trained.code, trained.stderr).toBe(0)
    const inspected = await heddle(folder, 'inspect', 'model', 'mgu', ...plugin, ...CPU)
    expect(inspected.stdout).toContain("@acme/heddle-minimal-gated-cell 1.0.0: cell 'acme/mgu'")
    const generated = await heddle(folder, 'generate', 'mgu', '--prompt', 'The', '--length', '9', ...plugin, ...CPU)
    expect(generated.stdout).toMatch(/^The[\s\S]{9}\n$/)
    const without = await heddle(folder, 'generate', 'mgu', '--prompt', 'The', ...CPU)
    expect(without.code).toBe(2)
    expect(without.stderr).toContain("cell 'acme/mgu', provided by plugin '@acme/heddle-minimal-gated-cell' 1.0.0")
  })

  it('loads a plugin from an installed package', async () => {
    const home = join(folder, 'node_modules/acme-recipes')
    await mkdir(home, { recursive: true })
    await writeFile(
      join(home, 'package.json'),
      JSON.stringify({ name: 'acme-recipes', type: 'module', exports: { '.': { import: './main.js' } } }),
    )
    await writeFile(join(home, 'main.js'), "export default { name: 'acme-recipes', contributes: [] }")
    const { code, stdout } = await heddle(folder, 'list', '--plugin', 'acme-recipes')
    expect(code).toBe(0)
    expect(stdout).toContain('translate')
  })
})

describe('heddle describe and predict', () => {
  const CLIP = new URL('../../../packages/data/src/test-support/wav-file.ts', import.meta.url)
  const SIZES = { hiddenSize: 8, embeddingSize: 4, batchSize: 8, steps: 2, warmupSteps: 1, evaluateEvery: 2 }

  beforeAll(async () => {
    const { wavFile } = (await import(CLIP.href)) as { wavFile(samples: Float32Array, sampleRate: number): Uint8Array }
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

describe('mistakes', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'bad.tsv'), 'a\tb\nlonely\n')
    await writeFile(join(folder, 'latin1.txt'), new Uint8Array(4000).fill(0xe9))
    await writeFile(join(folder, 'short.txt'), 'too short')
    await mkdir(join(folder, 'full'))
    await writeFile(join(folder, 'full/notes.txt'), 'mine')
    await mkdir(join(folder, 'not-a-plugin'))
    await writeFile(join(folder, 'not-a-plugin/package.json'), '{"type":"module","main":"index.js"}')
    await writeFile(join(folder, 'not-a-plugin/index.js'), 'export const answer = 42')
    await mkdir(join(folder, 'broken-plugin'))
    await writeFile(join(folder, 'broken-plugin/package.json'), '{"exports":"./dist/index.js"}')
    await cp(join(folder, translateRun.run), join(folder, 'damaged'), { recursive: true })
    await writeFile(join(folder, 'damaged/config.json'), '{"format":1')
  })

  let results: Finished[]
  beforeAll(async () => {
    results = await heddleMany(
      folder,
      MISTAKES.map(([args]) => args),
    )
  })

  itExplains('heddle', MISTAKES, () => results)

  it('end the process with the same code and line', async () => {
    const { code, stderr, stdout } = await heddle(folder, 'train', 'transalte')
    expect({ code, stderr, stdout }).toEqual({ code: 2, stdout: '', stderr: results[1]!.stderr })
  })

  it('leave no folder of a run behind', async () => {
    expect(await readdir(join(folder, 'runs'))).toEqual(['translate-5'])
  })
})

describe('help', () => {
  it("shows the commands, and a recipe's settings from its schema", async () => {
    const [help, train, generate, list] = (await heddleMany(folder, [
      ['--help'],
      ['train', 'char-lm', '--help'],
      ['generate', '--help'],
      ['list', '--json'],
    ])) as [Finished, Finished, Finished, Finished]
    expect(help.code).toBe(0)
    for (const command of ['list', 'train', 'evaluate', 'inspect', 'translate', 'generate'])
      expect(help.stdout).toContain(command)
    expect(train.stdout).toMatch(/--set model\.hiddenSize +.*\(default 256\)/)
    expect(generate.stdout).toMatch(/--top-p <value> +keep the most probable/)
    expect(lastLine(list.stdout).recipes.map(({ name }: { name: string }) => name)).toContain('translate')
  })
})
