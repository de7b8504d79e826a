import { createRegistry } from '@heddle/core'
import { optimizerContract } from '@heddle/testing/optimizer'
import { scheduleContract } from '@heddle/testing/schedule'
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  cosine,
  Lion,
  Muon,
  onPlateau,
  RMSProp,
  SGD,
  schedulePoint,
  trainerPlugin,
  withWarmup,
} from './index.ts'

optimizerContract('SGD', { make: (root) => new SGD(root), learningRate: 0.1 })
optimizerContract('SGD with momentum', { make: (root) => new SGD(root, { momentum: 0.9, weightDecay: 0.01 }) })
optimizerContract('Adam', { make: (root) => new Adam(root) })
optimizerContract('AdamW', { make: (root) => new AdamW(root, { weightDecay: 0.1 }) })
optimizerContract('RMSProp', { make: (root) => new RMSProp(root, { momentum: 0.5, centered: true }) })
optimizerContract('Adagrad', { make: (root) => new Adagrad(root), learningRate: 0.1 })
optimizerContract('Adadelta', { make: (root) => new Adadelta(root), learningRate: 1, steps: 200 })
optimizerContract('Adafactor', { make: (root) => new Adafactor(root) })
optimizerContract('Adam with amsgrad', { make: (root) => new Adam(root, { amsgrad: true }) })
optimizerContract('Lion', { make: (root) => new Lion(root, { weightDecay: 0.1 }) })
optimizerContract('Muon', { make: (root) => new Muon(root), learningRate: 0.02 })
optimizerContract('Muon of the first publication', { make: (root) => new Muon(root, { stepSize: 'original' }) })

const registry = createRegistry(trainerPlugin)
const settings: Record<string, object> = {
  'step-decay': { every: 7 },
  'multi-step': { milestones: [20, 60] },
  exponential: { gamma: 0.9 },
  'cosine-restarts': { period: 15 },
  'inverse-square-root': { timescale: 10 },
  noam: { modelSize: 64, warmup: 10 },
  'warmup-stable-decay': { warmup: 10, decay: 20, shape: 'square-root', minimum: 0.01 },
  warmup: { steps: 10, schedule: { type: 'linear', learningRate: 0.1 } },
}
for (const { name } of registry.list(schedulePoint)) {
  const spec = { type: name, ...settings[name] }
  const context = { steps: 100, learningRate: 0.1, mode: 'min', registry } as const
  scheduleContract(`Schedule ${name}`, { make: () => registry.create(schedulePoint, spec, context) })
}
scheduleContract('A warm-up before onPlateau', { make: () => withWarmup(onPlateau(0.1, { patience: 3 }), 10) })
scheduleContract('A warm-up of a cosine', { make: () => withWarmup(cosine(0.1, { steps: 90 }), 10) })
