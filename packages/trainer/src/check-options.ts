import { HeddleError } from '@heddle/core'
import type { TrainerOptions } from './trainer-options.ts'

const COUNTS = [
  'steps',
  'accumulate',
  'evaluateEvery',
  'checkpointEvery',
  'logEvery',
  'validationBatchSize',
  'keepBest',
] as const

/** @throws HeddleError `config` when an option is out of range, or needs another one */
export function checkOptions<E, B>(options: TrainerOptions<E, B>): void {
  for (const name of COUNTS) {
    const value = options[name] ?? 1
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new HeddleError('config', `Trainer: expected ${name} to be an integer above 0, got ${value}.`)
    }
  }
  for (const name of ['clipNorm', 'clipValue'] as const) {
    if (options[name] !== undefined && !(options[name] > 0)) {
      throw new HeddleError(
        'config',
        `Trainer: expected ${name} above 0, got ${options[name]}. Leave it out to not clip.`,
      )
    }
  }
  const { patience, validation, evaluate } = options
  if (patience !== undefined && validation === undefined && evaluate === undefined) {
    throw new HeddleError(
      'config',
      'Trainer: expected validation examples, as patience is set, got none. Give validation or evaluate.',
    )
  }
}
