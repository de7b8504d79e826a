import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddleMany, set } from '../test-support/heddle.ts'
import { itExplains, type Mistake } from '../test-support/mistakes.ts'

const CPU = ['--backend', 'cpu']
const CHAR_LM = set({
  'data.count': 3000,
  'model.hiddenSize': 8,
  'model.embeddingSize': 4,
  'training.windowLength': 16,
  'training.batchSize': 4,
  'training.steps': 2,
})
const TRANSLATE = set({
  'data.count': 150,
  'model.hiddenSize': 8,
  'model.embeddingSize': 4,
  'training.batchSize': 8,
  'decoding.maxLength': 6,
  'training.steps': 2,
})
const GPT = set({
  'data.count': 3000,
  model: 'transformer-lm',
  'model.hiddenSize': 8,
  'model.numHeads': 2,
  'training.windowLength': 16,
  'training.batchSize': 4,
  'training.steps': 2,
})
const SENTIMENT = set({
  'data.count': 60,
  'data.validation': 10,
  'data.test': 10,
  model: 'transformer-classifier',
  'model.hiddenSize': 8,
  'model.numHeads': 2,
  'training.batchSize': 4,
})
const TEXT = 'She said "no".\nThe <b> was old.'
// Moves the cursor, and turns the order of letters round.
const EVIL = '\x1b[2J\u202eevil'

const LINES = {
  lm: ['train', 'char-lm', '--out', 'lm', ...CHAR_LM, ...CPU],
  mt: ['train', 'translate', '--out', 'mt', ...TRANSLATE, ...CPU],
  gpt: ['train', 'char-lm', '--out', 'gpt', ...GPT, ...CPU],
  heads: ['inspect', 'attention', 'gpt', TEXT, '--json', ...CPU],
  oneHead: ['inspect', 'attention', 'gpt', TEXT, '--layer', '1', '--head', '0', '--out', 'pages/head.html', ...CPU],
  lens: ['inspect', 'logit-lens', 'gpt', TEXT, '--top', '2', '--json', ...CPU],
  classes: ['train', 'sentiment', '--out', 'one', ...SENTIMENT, ...set({ 'training.steps': 1 }), ...CPU],
  tuned: ['train', 'sentiment', '--out', 'two', ...SENTIMENT, ...set({ 'training.steps': 3 }), ...CPU],
  changes: ['inspect', 'changes', 'two', 'one', '--json', ...CPU],
  projection: ['inspect', 'projection', 'two', '--before', 'one', '--count', '5', '--json', ...CPU],
  units: ['inspect', 'units', 'lm', TEXT, '--json', ...CPU],
  one: ['inspect', 'units', 'lm', TEXT, '--unit', '3', '--out', 'pages/one.html', ...CPU],
  memory: ['inspect', 'units', 'lm', TEXT, '--cell-state', '--out', 'pages/cell.html', '--json', ...CPU],
  source: ['inspect', 'units', 'mt', 'He was sick.', '--json', ...CPU],
  flow: ['inspect', 'gradient-flow', 'lm', '--json', ...CPU],
  cell: ['inspect', 'gradient-flow', 'lm', '--cell', 'recurrent.layers.1.forward', ...CPU],
  attention: ['inspect', 'attention', 'mt', 'He was sick.', '--json', ...CPU],
  evilText: ['inspect', 'units', 'lm', EVIL, '--out', 'pages/evil.html', ...CPU],
  evilModel: ['inspect', 'model', 'evil', '--json', ...CPU],
}
const MISTAKES: readonly Mistake[] = [
  [['inspect', 'mt', '--units', 'abc'], /unknown command 'mt'/],
  [['inspect', 'units', 'lm'], /missing required argument 'text'/],
  [['inspect', 'units', 'mt', 'He was sick.', '--cell-state', ...CPU], /mt: expected a model that is a language model/],
  [['inspect', 'units', 'lm', 'abc', '--unit', '99', ...CPU], /expected a unit from 0 to 7 of layer 1, got 99/],
  [['inspect', 'gradient-flow', 'lm', '--cell', 'x', ...CPU], /expected a cell of the model, got 'x'/],
  [
    ['inspect', 'attention', 'lm', 'abc', ...CPU],
    /attention: expected a model with attention, got lm, a 'recurrent-lm'/,
  ],
  [['inspect', 'attention', 'gpt', 'abc', '--head', '2', ...CPU], /heads of layer 0, 0 to 1, got 2/],
  [['inspect', 'attention', 'gpt', 'abc', '--layer', '-1', ...CPU], /inspect attention: 'layer': .*got -1/],
  [['inspect', 'changes', 'lm', ...CPU], /missing required argument 'before'/],
  [['inspect', 'changes', 'lm', 'nowhere', ...CPU], /nowhere: expected the folder of a run, got none/],
  [['inspect', 'projection', 'lm', ...CPU], /projection: expected a run that classifies texts or pictures, got lm/],
  [['inspect', 'logit-lens', 'lm', 'abc', ...CPU], /logit-lens: expected a model that predicts tokens/],
  [['inspect', 'model', `no${EVIL}`], /no␛\[2J‹U\+202E›evil: expected the folder of a run, got none/],
]

let folder: string
let results: Record<keyof typeof LINES, Finished>
let mistakes: Finished[]
const page = (path: string) => readFile(join(folder, path), 'utf8')
const json = ({ stdout }: Finished) => JSON.parse(stdout.trimEnd().split('\n').at(-1)!)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-inside-'))
  const names = Object.keys(LINES) as (keyof typeof LINES)[]
  const [lm, ...others] = Object.values(LINES)
  const [trained] = await heddleMany(folder, [lm!])
  await copyWithEvilConfig(join(folder, 'lm'), join(folder, 'evil'))
  const finished = await heddleMany(folder, [...others, ...MISTAKES.map(([args]) => args)])
  const all = [trained!, ...finished]
  for (const [i, name] of names.entries()) expect(all[i]!.code, `${name}: ${all[i]!.stderr}`).toBe(0)
  results = Object.fromEntries(names.map((name, i) => [name, all[i]!])) as typeof results
  mistakes = all.slice(names.length)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A run of somebody else, whose config.json holds what a terminal obeys. */
async function copyWithEvilConfig(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  const config = JSON.parse(await readFile(join(to, 'config.json'), 'utf8'))
  const data = { name: EVIL, sha256: '0'.repeat(64) }
  await writeFile(join(to, 'config.json'), JSON.stringify({ ...config, data }))
}

describe('heddle inspect units', () => {
  it('tells the units and what they follow, with an activation for each character', () => {
    const { tokens, units } = json(results.units)
    expect(tokens.map(({ text }: { text: string }) => text).join('')).toBe(TEXT)
    expect(units).toHaveLength(6)
    for (const { activations, property, score } of units) {
      expect(activations).toHaveLength([...TEXT].length)
      expect(property).toEqual(expect.any(String))
      expect(score).toBeGreaterThan(0)
    }
  })

  it('writes a page that needs no network and shows the text once for each unit, escaped', async () => {
    const html = await page('lm/units.html')
    expect(html).not.toMatch(/(src|href)=|@import|url\(|<script/)
    expect(html.match(/class="text units"/g)).toHaveLength(6)
    expect(html.match(/title="-?[\d.]+">S<\/span>/g)).toHaveLength(6)
    expect(html).toContain('>&lt;</span>')
    expect(html).not.toContain('<b>')
  })

  it('shows one unit, without colors as signs and tenths, on a page elsewhere', async () => {
    const { stdout } = results.one
    expect(stdout).toMatch(/Layer 1, unit 3: .*\(r = -?[\d.]+, by chance up to [\d.]+/)
    expect(stdout).toMatch(/ {2}She said "no"\.⏎\n {2}[-+ ]*\n {2}\d+\n/)
    expect((await page('pages/one.html')).match(/class="text units"/g)).toHaveLength(1)
  })

  it('colors by tanh(c) of LSTM cells on demand, which is no hidden state', async () => {
    const [hidden, memory] = [json(results.units), json(results.memory)]
    expect([hidden.state, memory.state]).toEqual(['hidden', 'cell'])
    expect(memory.tokens).toEqual(hidden.tokens)
    const activations = ({ units }: { units: { activations: number[] }[] }) => units.map((unit) => unit.activations)
    expect(activations(memory)).not.toEqual(activations(hidden))
    expect(await page('pages/cell.html')).toContain("colored by the unit's tanh(c) after")
    expect(await page('lm/units.html')).toContain("colored by the unit's hidden state h after")
  })

  it('reads the source of an encoder-decoder word by word', async () => {
    const { tokens } = json(results.source)
    expect(tokens.map(({ text }: { text: string }) => text)).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(await page('mt/units.html')).toContain(' word"')
  })
})

describe('heddle inspect gradient-flow', () => {
  it("compares the run's cell with others, as data and as a page with curves", async () => {
    const { curves } = json(results.flow)
    expect(curves.map(({ name }: { name: string }) => name)).toEqual([
      "this run's LSTMCell",
      'LSTM, untrained',
      'LSTM, forget gate open',
      'vanilla RNN, untrained',
      'vanilla RNN, radius 0.5',
      'vanilla RNN, radius 1',
      'vanilla RNN, radius 1.5',
    ])
    const html = await page('lm/gradient-flow.html')
    expect(html.match(/<svg/g)).toHaveLength(4)
    expect(html).not.toMatch(/NaN|Infinity|(src|href)=/)
  })

  it('draws a row for each network in the terminal, for the cell that is named', () => {
    const { stdout } = results.cell
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(stdout).toContain('Gradient flow in recurrent.layers.1.forward')
    expect(stdout).toMatch(/vanilla RNN, radius 0\.5 +× 0\.\d{3} .*0\.50 {3}▁+.*▇/)
  })
})

describe('heddle inspect attention', () => {
  it('shows the written text with its attention over the source', async () => {
    const { source, weights } = json(results.attention)
    expect(source).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    for (const row of weights) expect(row.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 4)
    expect(await page('mt/attention.html')).toContain('class="attention"')
  })
})

describe('heddle inspect attention of a Transformer', () => {
  it('has every head as data, and a page that needs no network', async () => {
    const { stacks } = json(results.heads)
    expect(stacks).toHaveLength(1)
    expect(stacks[0].queries.map(({ text }: { text: string }) => text).join('')).toBe(TEXT)
    expect(stacks[0].layers.map(({ heads }: { heads: unknown[] }) => heads.length)).toEqual([2, 2])
    const html = await page('gpt/attention.html')
    expect(html.match(/class="head"/g)).toHaveLength(5)
    expect(html).not.toMatch(/(src|href)="(?!data:)|@import|url\(/)
    expect(html).toContain('<span>&lt;</span>')
  })

  it('shows one head in the terminal and on a page elsewhere', async () => {
    expect(results.oneHead.stdout).toMatch(/layer 1, head 0; rows look at columns/)
    expect((await page('pages/head.html')).match(/class="head"/g)).toHaveLength(2)
  })

  it('stands in the report of the run', async () => {
    expect((await page('gpt/report.html')).match(/class="head"/g)).toHaveLength(5)
    expect(await page('lm/report.html')).not.toContain('class="head"')
  })
})

describe('heddle inspect changes and projection', () => {
  it('tell how far each layer moved', async () => {
    const { layers, onlyAfter, onlyBefore } = json(results.changes)
    const paths = layers.map(({ path }: { path: string }) => path)
    expect(paths).toEqual(expect.arrayContaining(['encoder.layers.0', 'encoder.layers.1', 'output']))
    for (const { change } of layers) expect(change).toBeGreaterThan(0)
    expect([onlyAfter, onlyBefore]).toEqual([[], []])
    expect(await page('two/changes.html')).toContain('<td>encoder.layers.0</td>')
  })

  it('place held-out examples by label, before and after', async () => {
    const { panels, size } = json(results.projection)
    expect(size).toBe(8)
    expect(panels.map(({ name, points }: { name: string; points: unknown[] }) => [name, points.length])).toEqual([
      ['one', 5],
      ['two', 5],
    ])
    expect((await page('two/projection.html')).match(/<svg class="scatter" viewBox="0 0 480/g)).toHaveLength(2)
  })
})

describe('heddle inspect logit-lens', () => {
  it('has the predictions of each layer at each token', async () => {
    const { tokens, layers } = json(results.lens)
    expect(layers.map(({ name }: { name: string }) => name)).toEqual(['input', 'layer 0', 'layer 1'])
    for (const { cells } of layers) {
      expect(cells).toHaveLength(tokens.length)
      for (const { tokens: best } of cells) expect(best).toHaveLength(2)
    }
    expect((await page('gpt/logit-lens.html')).match(/<td /g)).toHaveLength(3 * tokens.length)
  })
})

describe('texts of strangers', () => {
  it('reach neither the terminal nor a page with their control characters', async () => {
    const { evilText, evilModel } = results
    const written = [
      evilText.stdout,
      evilText.stderr,
      evilModel.stdout,
      evilModel.stderr,
      await page('pages/evil.html'),
    ]
    for (const text of written) for (const hidden of ['\x1b', '\u202e']) expect(text).not.toContain(hidden)
    expect(evilText.stdout).toContain('␛[2J‹U+202E›')
    expect(evilModel.stderr).toContain('␛[2J‹U+202E›evil')
  })

  it('are the same in the JSON', () => {
    expect(json(results.evilModel).data.name).toBe(EVIL)
  })
})

itExplains('heddle', MISTAKES, () => mistakes)
