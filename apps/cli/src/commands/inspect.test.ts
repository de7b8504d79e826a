import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddleMany, set } from '../test-support/heddle.ts'

const CPU = ['--backend', 'cpu']
const CHAR_LM = set({ characters: 3000, hiddenSize: 8, embeddingSize: 4, time: 16, batchSize: 4, steps: 2 })
const TRANSLATE = set({ pairs: 150, hiddenSize: 8, embeddingSize: 4, batchSize: 8, maxLength: 6, steps: 2 })
const TEXT = 'She said "no".\nThe <b> was old.'

const LINES = [
  ['train', 'char-lm', '--out', 'lm', ...CHAR_LM, ...CPU],
  ['train', 'translate', '--out', 'mt', ...TRANSLATE, ...CPU],
  ['inspect', 'lm', '--units', TEXT, '--gradient-flow', '--json', ...CPU],
  ['inspect', 'lm', '--units', TEXT, '--unit', '3', '--out', 'pages/one.html', ...CPU],
  ['inspect', 'mt', '--attention', 'He was sick.', '--units', 'He was sick.', '--json', ...CPU],
  ['inspect', 'lm', '--gradient-flow', '--cell', 'recurrent.layers.1.forward', ...CPU],
  ['inspect', 'lm', '--units', TEXT, '--cell-state', '--out', 'pages/cell.html', '--json', ...CPU],
]
const MISTAKES: [string[], RegExp][] = [
  [['inspect', 'lm', '--unit', '3'], /--unit: expected --units "text" with it, got none\. Add --units/],
  [['inspect', 'lm', '--units', 'abc', '--cell', 'x'], /--cell: expected --gradient-flow with it/],
  [['inspect', 'lm', '--cell-state'], /--cell-state: expected --units "text" with it/],
  [
    ['inspect', 'mt', '--units', 'He was sick.', '--cell-state', ...CPU],
    /mt: expected a model that is a language model/,
  ],
  [['inspect', 'lm', '--out', 'a.html'], /--out: expected one of --units, --gradient-flow and --attention, got 0/],
  [['inspect', 'lm', '--units', 'abc', '--unit', '99', ...CPU], /expected a unit from 0 to 7 of layer 1, got 99/],
  [['inspect', 'lm', '--gradient-flow', '--cell', 'x', ...CPU], /expected a cell of the model, got 'x'/],
  [
    ['inspect', 'lm', '--attention', 'abc', ...CPU],
    /--attention: expected a run that writes a text for a text, got lm/,
  ],
]

let folder: string
let results: Finished[]
const page = (path: string) => readFile(join(folder, path), 'utf8')
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-inside-'))
  results = await heddleMany(folder, [...LINES, ...MISTAKES.map(([args]) => args)])
  for (const [i, { code, stderr }] of results.slice(0, LINES.length).entries()) expect(code, `${i}: ${stderr}`).toBe(0)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('heddle inspect --units', () => {
  it('tells the units and what they follow, with an activation for each character', () => {
    const { units } = lastLine(results[2]!.stdout)
    expect(units.pieces.join('')).toBe(TEXT)
    expect(units.units).toHaveLength(6)
    for (const { activations, property, score } of units.units) {
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

  it('shows one unit, without colours as signs and tenths, on a page elsewhere', async () => {
    const { stdout } = results[3]!
    expect(stdout).toMatch(/Layer 1, unit 3: .*\(r = -?[\d.]+, by chance up to [\d.]+/)
    expect(stdout).toMatch(/ {2}She said "no"\.⏎\n {2}[-+ ]*\n {2}\d+\n/)
    expect((await page('pages/one.html')).match(/class="text units"/g)).toHaveLength(1)
  })

  it("colours tanh(c) of an LSTM's cells on demand, which is no hidden state", async () => {
    const [hidden, cell] = [results[2]!, results[6]!].map(({ stdout }) => lastLine(stdout).units)
    expect([hidden.state, cell.state]).toEqual(['hidden', 'cell'])
    expect(cell.pieces).toEqual(hidden.pieces)
    expect(cell.units.map(({ activations }: { activations: number[] }) => activations)).not.toEqual(
      hidden.units.map(({ activations }: { activations: number[] }) => activations),
    )
    expect(await page('pages/cell.html')).toContain("coloured by the unit's tanh(c) after")
    expect(await page('lm/units.html')).toContain("coloured by the unit's hidden state h after")
  })

  it("reads an encoder-decoder's source word by word", async () => {
    expect(lastLine(results[4]!.stdout).units.pieces).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(await page('mt/units.html')).toContain('class="word"')
  })
})

describe('heddle inspect --gradient-flow', () => {
  it("compares the run's cell with others, as data and as a page with curves", async () => {
    const { gradientFlow } = lastLine(results[2]!.stdout)
    expect(gradientFlow.curves.map(({ name }: { name: string }) => name)).toEqual([
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
    const { stdout } = results[5]!
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(stdout).toContain('Gradient flow in recurrent.layers.1.forward')
    expect(stdout).toMatch(/vanilla RNN, radius 0\.5 +× 0\.\d{3} .*0\.50 {3}▁+.*▇/)
  })
})

describe('heddle inspect --attention', () => {
  it('shows what was written and where it looked', async () => {
    const { attention } = lastLine(results[4]!.stdout)
    expect(attention.attention.source).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    for (const row of attention.attention.weights)
      expect(row.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 4)
    expect(await page('mt/attention.html')).toContain('class="attention"')
  })
})

it.each(MISTAKES.map(([args, message], i) => [args, message, i] as const))(
  'heddle %j ends with one line that says what to do, and code 2',
  (_, message, i) => {
    const { code, stderr } = results[LINES.length + i]!
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  },
)
