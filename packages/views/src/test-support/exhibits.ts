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

const EVIL = '<i>\x1b[31m'

export const samples: SamplesExhibit = {
  kind: 'samples',
  title: 'Samples',
  samples: [
    { input: EVIL, output: 'the old man', expected: 'the old dog' },
    { input: 'b', output: 'c', expected: 'c' },
    { input: 'd', output: 'e' },
  ],
}
export const attention: AttentionExhibit = {
  kind: 'attention',
  title: 'Attention',
  source: [EVIL, 'b'],
  target: ['가'],
  weights: [[0.75, 0.25]],
}
const token = (text: string) => ({ text, gap: ' ' })
export const attentionHeads: AttentionHeadsExhibit = {
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
export const confusion: ConfusionExhibit = {
  kind: 'confusion',
  title: 'Labels',
  labels: [EVIL, 'b'],
  counts: [
    [8, 2],
    [0, 0],
  ],
}
export const mistakes: MistakesExhibit = {
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
export const labelScores: LabelScoresExhibit = {
  kind: 'label-scores',
  title: 'Scores by label',
  scores: [
    { label: EVIL, precision: 0.5, recall: 1, f1: 2 / 3, count: 1200 },
    { label: '감정', precision: 0, recall: 0, f1: 0, count: 0 },
  ],
}
export const labeledText: LabeledTextExhibit = {
  kind: 'labeled-text',
  title: 'Tags',
  texts: [
    [
      { text: EVIL, label: 'NOUN', expected: 'VERB' },
      { text: 'sat', label: 'VERB', expected: 'VERB' },
    ],
  ],
}
export const pictures: PicturesExhibit = {
  kind: 'pictures',
  title: 'Digits',
  width: 2,
  height: 1,
  strips: [[{ pixels: [0, 1], label: EVIL, expected: '3' }]],
}
export const attended: AttendedPictureExhibit = {
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
export const series: SeriesExhibit = {
  kind: 'series',
  title: EVIL,
  steps: ['1', '2', '3', '4'],
  history: [1, 2],
  actual: [3, 4],
  forecast: [3, 5],
  baseline: [2, 2],
}
export const byLength: AccuracyByLengthExhibit = {
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
export const units: SelectiveUnitsExhibit = {
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
export const gradientFlow: GradientFlowExhibit = {
  kind: 'gradient-flow',
  title: 'Gradient flow',
  cell: EVIL,
  cells: [EVIL],
  inputSize: 2,
  hiddenSize: 3,
  curves: [curve('run', 'run'), curve('LSTM', 'lstm'), curve('RNN', 'vanilla'), curve('RNN, 1', 'vanilla')],
}
export const projection: ProjectionExhibit = {
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
export const weightChanges: WeightChangesExhibit = {
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
/** An exhibit of each kind. */
export const ALL: readonly Exhibit[] = [
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
