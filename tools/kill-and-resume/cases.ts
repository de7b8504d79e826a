import { mergeSettings, type Settings } from '@heddle/tasks'
import { TINY } from '../../packages/recipes/src/test-support/tiny.ts'

export const STEPS = 24
/** Validations and checkpoints fall apart, so that a killed run repeats steps. */
const training = { steps: STEPS, checkpointEvery: 5, evaluateEvery: 4 }

/** A run that is killed and resumed. */
export interface Case {
  readonly name: string
  readonly recipe: string
  readonly settings: Settings
  /** Further arguments of `heddle train`. */
  readonly args?: readonly string[]
  /** The run that it starts from. */
  readonly from?: Case
  /** Steps of the killed run, which is lengthened to that of the other one when it has ended. */
  readonly shortened?: number
}

/** Every recipe with its standard settings, apart from the sizes. */
export const recipeCases: readonly Case[] = Object.keys(TINY).map((recipe) => caseOf(recipe, recipe, {}))

/** Settings and options that add state to a run. */
export const variations: readonly Case[] = [
  caseOf('accumulate', 'names', { training: { accumulate: 3 } }),
  caseOf('ema', 'names', { training: { averaging: { type: 'ema', decay: 0.9 } } }),
  caseOf('swa', 'names', { training: { averaging: { type: 'swa', start: 6, every: 3 } } }),
  caseOf('batch-ramp', 'names', { training: { batchSize: 16, batchRamp: { from: 2 } } }),
  caseOf('batch-ramp-lm', 'bert-pretrain', { training: { batchSize: 8, batchRamp: { from: 2 } } }),
  caseOf('plateau', 'names', {
    training: { schedule: { type: 'on-plateau', patience: 0, factor: 0.5 }, evaluateEvery: 2, learningRate: 0.1 },
  }),
  caseOf('warm-plateau', 'sentiment', {
    training: {
      schedule: { type: 'warmup', steps: 3, schedule: { type: 'on-plateau', patience: 0, factor: 0.5 } },
      evaluateEvery: 2,
      learningRate: 0.1,
    },
  }),
  caseOf('patience', 'names', { training: { patience: 8, evaluateEvery: 1, steps: 200, learningRate: 0.05 } }),
  caseOf('keep-best', 'tagger', { training: { keepBest: 3, evaluateEvery: 2 } }),
  caseOf('best-of-ema', 'char-lm', {
    training: { keepBest: 2, evaluateEvery: 3, averaging: { type: 'ema', decay: 0.8 } },
  }),
  caseOf('class-weights', 'sentiment', { training: { classWeights: 'balanced' } }),
  caseOf('skipped', 'names', { training: { nonFinite: 'skip', optimizer: { type: 'sgd' }, learningRate: 1e30 } }),
  caseOf('scheduled-sampling', 'translate', { training: { scheduledSampling: 0.5 } }),
  caseOf('dropout', 'tagger', { model: { dropout: 0.4 } }),
  caseOf('masking', 'bert-pretrain', { masking: { rate: { from: 0.3, to: 0.15 } } }),
  caseOf('adapters', 'bert-classify', { training: { adapters: { type: 'lora', rank: 2 } } }),
  caseOf('windows', 'char-lm', {
    training: { windows: 'random', accumulate: 2, batchRamp: { from: 2 }, batchSize: 6 },
  }),
  ...['muon', 'lion', 'adafactor', 'adadelta', 'adagrad', 'adam', 'rmsprop'].map((type) =>
    caseOf(type, 'gpt', { training: { optimizer: { type } } }),
  ),
  caseOf('momentum', 'names', { training: { optimizer: { type: 'sgd', momentum: 0.9, nesterov: true } } }),
  { ...withoutModel(caseOf('from-run', 'sentiment', {})), from: caseOf('origin', 'char-lm', {}) },
  fromBert('from-bert', {}),
  { ...fromBert('against-scratch', {}), args: ['--against-scratch'] },
  fromBert('frozen', { training: { freeze: ['encoder'] } }),
  { ...withoutModel(caseOf('from-patches', 'rows', {})), from: caseOf('origin', 'masked-patches', {}) },
  { ...caseOf('longer', 'names', { training: { schedule: { type: 'constant' } } }), shortened: 12 },
  {
    ...caseOf('longer-language-model', 'gpt', {
      training: { schedule: { type: 'inverse-square-root', timescale: 8 } },
    }),
    shortened: 16,
  },
]

function caseOf(name: string, recipe: string, settings: Settings): Case {
  const usual = recipe === 'ngram-lm' ? {} : { training }
  return { name, recipe, settings: mergeSettings(mergeSettings(TINY[recipe]!, usual), settings) }
}

function fromBert(name: string, settings: Settings): Case {
  const from = caseOf('origin', 'bert-pretrain', {})
  return { ...withoutModel(caseOf(name, 'bert-classify', settings)), from }
}

/** With the model of the run that it starts from. */
function withoutModel(each: Case): Case {
  return { ...each, settings: { ...each.settings, model: undefined } }
}
