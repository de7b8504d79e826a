import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddle, heddleMany, lastLine, set } from './test-support/heddle.ts'
import { itExplains, type Mistake } from './test-support/mistakes.ts'

const FEW = set({ 'data.count': 150, validation: 8, test: 10 })
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
  [['train', 'translate', '--set', 'optimizer.type=adamm', ...FEW, ...CPU], /no optimizer is named "adamm"/],
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-program-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

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
    await mkdir(join(folder, 'damaged'))
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
    expect(await readdir(folder)).not.toContain('runs')
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
