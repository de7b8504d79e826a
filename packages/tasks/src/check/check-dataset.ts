import type { Dataset } from '../run/dataset.ts'
import type { Task } from '../task/task.ts'
import { checkCharacters } from './characters.ts'
import { checkDuplicates } from './duplicates.ts'
import { dataMeasuring, type ExampleFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { checkLabels } from './label-counts.ts'
import { checkSizes } from './sizes.ts'

/**
 * Checks the examples of a prepared task: inputs that are in two parts or have different answers, labels, empty and over-long
 * examples, unknown tokens and character encodings. Takes a second for 100,000 short texts.
 *
 * @returns findings; of examples that a task does not describe, few
 */
export async function checkDataset<E>(task: Task<E>, dataset: Dataset<E>): Promise<readonly Finding[]> {
  const facts = {
    train: await task.factsOf(dataset.train),
    validation: await task.factsOf(dataset.validation),
    test: await task.factsOf(dataset.test),
  } satisfies Dataset<ExampleFacts>
  const isDescribed = facts.train.length > 0
  return [
    ...(isDescribed ? [...checkDuplicates(facts), ...checkLabels(facts), ...checkCharacters(facts)] : []),
    ...(await checkSizes(dataset, dataMeasuring.find(task.pipeline.abilities) ?? {})),
  ]
}
