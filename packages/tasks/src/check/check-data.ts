import { RandomStream } from '@heddle/core'
import { type PreparedRun, type PrepareOptions, prepareNew } from '../run/prepare-run.ts'
import { checkDataset } from './check-dataset.ts'
import { checkFirstSteps } from './check-first-steps.ts'
import { checkLeft } from './check-left.ts'
import type { Finding } from './finding.ts'

export interface CheckedData extends Pick<PreparedRun, 'notes' | 'seed'> {
  /** Sizes of the parts for people. */
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', string>>
  readonly findings: readonly Finding[]
}

export interface CheckDataOptions extends PrepareOptions {
  /** Leaves out the first steps, which train a model. */
  readonly isQuick?: boolean
  /** Called with the findings of the examples, before the first steps. */
  onChecked?(checked: CheckedData): void
  /** Called with the findings of the first steps. */
  onTrained?(findings: readonly Finding[]): void
}

/**
 * Checks the data of a recipe before a training: the examples of all parts, and whether a model of its settings begins to learn
 * them. Nothing is kept.
 *
 * @throws HeddleError as training would, for data and settings that it cannot take
 */
export async function checkData(options: CheckDataOptions): Promise<CheckedData> {
  const { isQuick = false, onChecked, onTrained, ...prepare } = options
  const { task, dataset, notes, left, seed } = await prepareNew(prepare)
  try {
    const count = (examples: readonly unknown[]) => (examples.length === 0 ? 'none' : task.count(examples))
    const { train, validation, test } = dataset
    const parts = { train: count(train), validation: count(validation), test: count(test) }
    const findings = [...checkLeft(left, dataset), ...(await checkDataset(task, dataset))]
    onChecked?.({ notes, seed, parts, findings })
    if (isQuick) return { notes, seed, parts, findings }
    const rng = new RandomStream(seed).split()
    const ofSteps = await checkFirstSteps(task, train, {
      ...{ rng, isNew: options.from === undefined },
      signal: options.signal,
    })
    onTrained?.(ofSteps)
    return { notes, seed, parts, findings: [...findings, ...ofSteps] }
  } finally {
    task.dispose()
  }
}
