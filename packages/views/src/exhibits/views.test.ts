import { createRegistry } from '@heddle/core'
import type {
  AttentionHeadsExhibit,
  GradientFlowExhibit,
  LogitLensExhibit,
  MaskProbeExhibit,
  ProjectionExhibit,
  SelectiveUnitsExhibit,
  WeightChangesExhibit,
} from '@heddle/inspect'
import type {
  AccuracyByLengthExhibit,
  AttendedPictureExhibit,
  AttentionExhibit,
  ConfusionExhibit,
  Exhibit,
  LabeledTextExhibit,
  LabelScoresExhibit,
  MistakesExhibit,
  PicturesExhibit,
  SamplesExhibit,
  SeriesExhibit,
  TextExhibit,
  TokenScoresExhibit,
} from '@heddle/tasks'
import { decode } from 'fast-png'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { exhibitLines, exhibitPictures, exhibitSections } from '../draw-exhibits.ts'
import { viewsPlugin } from '../plugin.ts'

// Each kind with a label or text of a stranger.
const EVIL = '<i>\x1b[31m'

const samples: SamplesExhibit = {
  kind: 'samples',
  title: 'Samples',
  samples: [
    { input: EVIL, output: 'the old man', expected: 'the old dog' },
    { input: 'b', output: 'c', expected: 'c' },
    { input: 'd', output: 'e' },
  ],
}
const attention: AttentionExhibit = {
  kind: 'attention',
  title: 'Attention',
  source: [EVIL, 'b'],
  target: ['가'],
  weights: [[0.75, 0.25]],
}
const token = (text: string) => ({ text, gap: ' ' })
const attentionHeads: AttentionHeadsExhibit = {
  kind: 'attention-heads',
  title: 'Attention by layer and head',
  text: EVIL,
  stacks: [
    {
      name: 'Decoder over the source',
      over: 'memory',
      queries: [token('나는')],
      keys: [token(EVIL), token('b')],
      layers: [
        {
          layer: 0,
          path: 'layers.0.attention',
          heads: [{ head: 0, weights: [[0.75, 0.25]], figures: { entropy: 0.8, first: 0.75, last: 0.25 } }],
        },
      ],
      summary: { kind: 'mean', weights: [[0.75, 0.25]] },
    },
  ],
}
const lensCell = { tokens: [EVIL, 'b'], probabilities: [0.75, 0.25], rank: 1, probability: 0.75, entropy: 0.8 }
const logitLens: LogitLensExhibit = {
  kind: 'logit-lens',
  title: 'Logit lens',
  tokens: [token(EVIL)],
  predicts: 'next',
  vocabSize: 2,
  layers: ['input', 'layer 0'].map((name) => ({ name, cells: [lensCell], agreement: 1, entropy: 0.8, divergence: 0 })),
}
const maskProbe: MaskProbeExhibit = {
  kind: 'mask-probe',
  title: 'Masked tokens',
  tokens: [token('[CLS]'), token(EVIL), token('b')],
  probed: [
    { place: 1, tokens: ['b', EVIL], probabilities: [0.75, 0.25], probability: 0.25, rank: 2 },
    { place: 2, tokens: ['b', EVIL], probabilities: [0.75, 0.25], probability: 0.75, rank: 1 },
  ],
  pseudoLogLikelihood: -1.7,
}
const text: TextExhibit = { kind: 'text', title: 'Temperature 1', prompt: EVIL, text: 'he\nsaid' }
const tokenScores: TokenScoresExhibit = {
  kind: 'token-scores',
  title: 'Surprise',
  tokens: [
    { text: 'a', gap: '' },
    { text: EVIL, gap: ' ' },
    { text: '\n', gap: '' },
  ],
  logProbabilities: [-Math.LN2, -20 * Math.LN2, 0],
}
const confusion: ConfusionExhibit = {
  kind: 'confusion',
  title: 'Labels',
  labels: [EVIL, 'b'],
  counts: [
    [8, 2],
    [0, 0],
  ],
}
const mistakes: MistakesExhibit = {
  kind: 'mistakes',
  title: 'Worst mistakes',
  mistakes: [
    {
      text: `${'x'.repeat(500)} ${EVIL} sat`,
      part: [501, 501 + EVIL.length],
      expected: EVIL,
      predicted: 'b',
      score: 0.9,
      expectedScore: 0.0001,
    },
    { text: 'y'.repeat(500), expected: 'a', predicted: EVIL, score: 0.6, expectedScore: 0.25 },
    {
      picture: { width: 2, height: 1, pixels: [0, 1] },
      expected: '3',
      predicted: '8',
      score: 0.5,
      expectedScore: 0.25,
    },
  ],
}
const labelScores: LabelScoresExhibit = {
  kind: 'label-scores',
  title: 'Scores by label',
  scores: [
    { label: EVIL, precision: 0.5, recall: 1, f1: 2 / 3, count: 1200 },
    { label: '감정', precision: 0, recall: 0, f1: 0, count: 0 },
  ],
}
const labeledText: LabeledTextExhibit = {
  kind: 'labeled-text',
  title: 'Tags',
  texts: [
    [
      { text: EVIL, label: 'NOUN', expected: 'VERB' },
      { text: 'sat', label: 'VERB', expected: 'VERB' },
    ],
  ],
}
const pictures: PicturesExhibit = {
  kind: 'pictures',
  title: 'Digits',
  width: 2,
  height: 1,
  strips: [[{ pixels: [0, 1], label: EVIL, expected: '3' }]],
}
const attended: AttendedPictureExhibit = {
  kind: 'attended-picture',
  title: 'Captions',
  width: 1,
  height: 1,
  pixels: [255, 0, 0],
  rows: 1,
  columns: 1,
  words: [EVIL, '<eos>'],
  weights: [[1], [1]],
  expected: 'a red dot',
}
const series: SeriesExhibit = {
  kind: 'series',
  title: EVIL,
  steps: ['1', '2', '3', '4'],
  history: [1, 2],
  actual: [3, 4],
  forecast: [3, 5],
  baseline: [2, 2],
}
const byLength: AccuracyByLengthExhibit = {
  kind: 'accuracy-by-length',
  title: 'Accuracy',
  unit: EVIL,
  longestInTraining: 2,
  lengths: [
    { length: 1, accuracy: 1, count: 1 },
    { length: 2, accuracy: 0.8, count: 3 },
    { length: 5, accuracy: 0.25, count: 4 },
  ],
}
const units: SelectiveUnitsExhibit = {
  kind: 'selective-units',
  title: 'Selective units',
  state: 'cell',
  tokens: [...`a${EVIL}`].map((each) => ({ text: each, gap: '' })),
  numUnits: 4,
  numLayers: 1,
  units: [
    {
      layer: 0,
      unit: 3,
      activations: Array.from({ length: 9 }, (_, i) => (i - 4) / 4),
      standardDeviation: 0.5,
      property: 'digit',
      correlation: 0.4,
      chance: 0.6,
      score: 0.3,
    },
  ],
}
const curve = (name: string, group: 'run' | 'lstm' | 'vanilla') => ({
  name,
  group,
  flow: [0, 1e-30, 0.5, 1],
  states: [[0, 1e-30, 0.5, 1]],
  stateNames: ['h'],
  perStep: 0.5,
  ...(group === 'vanilla' && { spectralRadius: 0.5 }),
})
const gradientFlow: GradientFlowExhibit = {
  kind: 'gradient-flow',
  title: 'Gradient flow',
  cell: EVIL,
  cells: [EVIL],
  inputSize: 2,
  hiddenSize: 3,
  curves: [curve('run', 'run'), curve('LSTM', 'lstm'), curve('RNN', 'vanilla'), curve('RNN, 1', 'vanilla')],
}
const projection: ProjectionExhibit = {
  kind: 'projection',
  title: 'Vectors by label',
  labels: [EVIL, 'b'],
  size: 4,
  panels: [
    {
      name: EVIL,
      points: [
        { x: 0, y: 0, label: EVIL, text: EVIL },
        { x: 1, y: 2, label: 'b' },
      ],
      explained: [0.5, 0.25],
      sameNeighbor: 0.5,
    },
  ],
}
const weightChanges: WeightChangesExhibit = {
  kind: 'weight-changes',
  title: 'Change of the weights by layer',
  before: EVIL,
  after: 'b',
  layers: [
    { path: `${EVIL}.layers.0`, size: 8, norm: 2, change: 0.5 },
    { path: 'layers.1', size: 8, norm: 2, change: 0.25 },
    { path: 'bias', size: 8, norm: 0, change: Number.POSITIVE_INFINITY },
  ],
  parameters: [{ path: 'layers.1.weight', size: 8, norm: 2, change: 0.25 }],
  onlyAfter: [EVIL],
  onlyBefore: [],
}
const ALL: readonly Exhibit[] = [
  samples,
  attention,
  attentionHeads,
  logitLens,
  maskProbe,
  text,
  tokenScores,
  confusion,
  mistakes,
  labelScores,
  labeledText,
  pictures,
  attended,
  series,
  byLength,
  units,
  gradientFlow,
  projection,
  weightChanges,
]
const registry = createRegistry([viewsPlugin])
const html = (exhibit: Exhibit) => exhibitSections([exhibit], registry)[0]!.text
const lines = (exhibit: Exhibit, colors = false, columns = 100) =>
  exhibitLines([exhibit], registry, { colors, columns })

describe('every kind of exhibit', () => {
  it('has a view, and every view an example here', () => {
    expect(ALL.map(({ kind }) => kind)).toEqual(viewsPlugin.contributes.map(({ definition }) => definition.name))
  })

  it.each(ALL.map((exhibit) => [exhibit.kind, exhibit] as const))(
    '%s: HTML is sections with escaped texts',
    (_, exhibit) => {
      const text = html(exhibit)
      expect(text).toMatch(/^<section/)
      expect(text).toMatch(/<\/section>\s*$/)
      expect(text).not.toMatch(/<i>␛|NaN|Infinity|undefined/)
      expect(text).not.toContain('\x1b')
      expect(text.match(/<section/g)).toHaveLength(text.match(/<\/section>/g)!.length)
    },
  )

  it.each(ALL.map((exhibit) => [exhibit.kind, exhibit] as const))(
    '%s: a terminal shows a heading and lines',
    (_, exhibit) => {
      const [empty, heading, ...rest] = lines(exhibit)
      expect(empty).toBe('')
      expect(heading).toMatch(/\S/)
      expect(rest.length).toBeGreaterThan(0)
      for (const line of rest) {
        expect(line).not.toMatch(/\p{Cc}|undefined|NaN/u)
        expect(stringWidth(line)).toBeLessThanOrEqual(100)
      }
      // Colors come from the view alone.
      expect(lines(exhibit, true).join('\n')).not.toContain('<i>\x1b[31m')
      expect(lines(exhibit, true)[1]).toContain('\x1b[1m')
    },
  )
})

describe('views in a terminal', () => {
  it('mark what differs in a sample', () => {
    expect(lines(samples).slice(2)).toEqual([
      '  <i>␛[31m',
      '  ≠ the old man  (expected: the old dog)',
      '  b',
      '  = c',
      '  d',
      '  e',
    ])
    expect(lines(samples, true)[3]).toContain('the old \x1b[31m\x1b[4mman')
  })

  it('name the most frequent mistakes', () => {
    expect(lines(confusion).slice(1)).toEqual(['Labels: most frequent mistakes', '  <i>␛[31m taken for b: 2'])
    expect(lines(labelScores).slice(2)).toEqual([
      '  label     precision   recall      F1  examples',
      '  <i>␛[31m     50.0 %  100.0 %  66.7 %     1,200',
      '  감정          0.0 %    0.0 %   0.0 %         0',
    ])
    const tuned = labelScores.scores.slice(0, 1).map((score) => ({ ...score, threshold: 0.271 }))
    expect(lines({ ...labelScores, scores: tuned } as Exhibit).slice(2)).toEqual([
      '  label     precision   recall      F1  examples  predicted from',
      '  <i>␛[31m     50.0 %  100.0 %  66.7 %     1,200            0.27',
    ])
    expect(lines({ ...confusion, counts: [[1, 0], [0, 1]] } as Exhibit).at(-1)).toBe('  no label is taken for another') // biome-ignore format: a matrix
  })

  it('show mistakes with what is around them, and their probabilities', () => {
    expect(lines(mistakes).slice(2)).toEqual([
      `  …${'x'.repeat(29)} [<i>␛[31m] sat`,
      '  ≠ b 90.0 %  (expected: <i>␛[31m, 0.010 %)',
      `  ${'y'.repeat(60)}…`,
      '  ≠ <i>␛[31m 60.0 %  (expected: a, 25.0 %)',
      '  (picture)',
      '  ≠ 8 50.0 %  (expected: 3, 25.0 %)',
    ])
    const page = html(mistakes)
    expect(page).toContain('<mark class="extra">&lt;i&gt;')
    expect(page).toContain('>9.21<')
    expect(page).toContain('<img alt="3"')
    expect(page).not.toContain('x'.repeat(170))
  })

  it('have pictures for tools that show no HTML', () => {
    const [matrix] = exhibitPictures([confusion, samples], registry)
    expect(matrix).toMatchObject({ name: 'confusion/1', title: 'Labels', width: 65, height: 65, channels: 3 })
    const { data, width } = decode(matrix!.png)
    const cell = (row: number, column: number) => {
      const at = 3 * ((32 * row + 5) * width + 32 * column + 5)
      return [...data.subarray(at, at + 3)]
    }
    // Shares of 80 % right, 20 % wrong, and a label without examples.
    expect([cell(0, 0), cell(0, 1), cell(1, 1)]).toEqual([[81, 130, 212], [245, 213, 214], [255, 255, 255]]) // biome-ignore format: a matrix
    expect(
      exhibitPictures(
        Array.from({ length: 20 }, () => attention),
        registry,
      ),
    ).toHaveLength(8)
  })

  it('have pictures of curves, strips, attended words and heads', () => {
    const pixelsOf = (exhibit: Exhibit) => {
      const [picture] = exhibitPictures([exhibit], registry)
      const { data, width, height } = decode(picture!.png)
      expect([picture!.width, picture!.height]).toEqual([width, height])
      return (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]
    }
    // The observed values rise from the lower left; the forecast ends at the top right, above them.
    const curve = pixelsOf(series)
    expect(curve(8, 111)).toEqual([37, 99, 201])
    expect(curve(311, 8)).toEqual([194, 94, 0])
    expect(curve(8, 8)).toEqual([255, 255, 255])
    const strip = pixelsOf(pictures)
    expect([strip(0, 0), strip(40, 0)]).toEqual([[0, 0, 0], [255, 255, 255]]) // biome-ignore format: pixels side by side
    // The picture itself, a gap, then the picture of the first word, which looks at all of it.
    const words = pixelsOf(attended)
    expect([words(0, 0), words(97, 0), words(100, 0)]).toEqual([[255, 0, 0], [255, 255, 255], [255, 0, 0]]) // biome-ignore format: pixels side by side
    // A cell of 0.75 and one of 0.25, tinted by their square roots.
    const heads = pixelsOf(attentionHeads)
    expect([heads(6, 6), heads(54, 6)]).toEqual([[66, 120, 208], [146, 177, 228]]) // biome-ignore format: two cells
  })

  it('show a wrong label with the right one', () => {
    expect(lines(labeledText).at(-1)).toBe('  <i>␛[31m/NOUN(VERB) sat/VERB')
    expect(lines(pictures).at(-1)).toBe('  <i>␛[31m(3)')
    const clip = [{ pixels: [0, 1], label: 'up', expected: 'up' }, ...Array(3).fill({ pixels: [1, 0], label: '' })]
    expect(lines({ ...pictures, strips: [clip] } as Exhibit).at(-1)).toBe('  up')
  })

  it('put a forecast below the values that came', () => {
    expect(lines(series).slice(2)).toEqual(['  observed ▁▃▅▆', '  forecast   ▅█'])
  })

  it('tell the accuracy at lengths of training from that at longer ones, and by length', () => {
    expect(lines({ ...byLength, unit: 'words' } as Exhibit).slice(2)).toEqual([
      '  1 to 2 words, as in training   85.0 %  █▇',
      '    1: 100 %  2: 80 %',
      '  5 words, longer                25.0 %  ▃',
      '    5: 25 %',
    ])
    expect(lines({ ...byLength, longestInTraining: 9 } as Exhibit)).toHaveLength(4)
  })

  it('draw the largest change as the longest bar', () => {
    const shown = lines(weightChanges).slice(2, 5)
    expect(shown.map((line) => line.match(/█/g)?.length ?? 0)).toEqual([30, 15, 30])
    expect(shown[2]).toContain('from zero')
  })

  it('place points by letters, the larger y higher', () => {
    const shown = lines(projection, false, 12).slice(2)
    expect(shown.slice(0, 16)).toEqual([`  ${' '.repeat(11)}b`, ...Array(14).fill('  '), '  a'])
    expect(shown).toContain('  b b')
  })

  it('show the caption without special tokens', () => {
    expect(lines(attended).at(-1)).toBe('  <i>␛[31m  (expected: a red dot)')
  })
})

describe('views in HTML', () => {
  it('color a cell of a confusion table by its share of the row, right and wrong apart', () => {
    expect(html(confusion)).toContain('<td class="right" style="--share:80%"')
    expect(html(confusion)).toContain('<td class="wrong" style="--share:20%"')
  })

  it('have a scale beside each heat map', () => {
    for (const exhibit of [attention, confusion, units]) expect(html(exhibit)).toContain('class="key-bar"')
  })

  it('color tokens by sign and size', () => {
    expect(html(units)).toContain('<span class="low" style="--share:100%" title="-1.00">a</span>')
    expect(html(units)).toContain('<span class="high" style="--share:100%" title="1.00">m</span>')
    expect(html(units)).toContain('no more than chance')
    expect(html(units)).toContain('tanh(c)')
  })

  it('have pictures within the page', () => {
    expect(html(pictures).match(/src="data:image\/png;base64,[\w+/=]+"/g)).toHaveLength(1)
    expect(html(attended).match(/src="data:image\/png;base64,[\w+/=]+"/g)).toHaveLength(3)
  })

  it('draw a chart for each group of curves', () => {
    expect(html(gradientFlow).match(/<svg/g)).toHaveLength(3)
  })
})
