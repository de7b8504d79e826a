import { HeddleError } from '@heddle/core'
import { type DataFile, readWordVectors } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import type { WordTable } from '../task/pipeline.ts'
import type { Task } from '../task/task.ts'

// V vocabulary, D size of a vector

export interface VectorFiles {
  /** Vectors of the words that the model reads. */
  readonly vectors?: DataFile | undefined
  /** Vectors of the words that it writes. */
  readonly targetVectors?: DataFile | undefined
}

/** Coverage of a file of vectors. */
export interface VectorCoverage {
  /** Name of the file. */
  readonly file: string
  /** Number of the model's words with a vector of the file. */
  readonly found: number
  /** Number of all of its words. */
  readonly of: number
}

/** The side of each file, with its table in the pipeline. */
const SIDES = {
  vectors: { table: 'wordTable', verb: 'reads', other: 'targetVectors' },
  targetVectors: { table: 'targetWordTable', verb: 'writes', other: 'vectors' },
} as const

/**
 * Puts pre-trained vectors into the rows of a task's tables of words. A word that a file has only in small letters takes that vector;
 * words that it does not have keep their initial one.
 *
 * @param task prepared: its words are known
 * @returns the coverage of each file
 * @throws HeddleError `usage` for a model without such a table, `config` for vectors of another size
 */
export async function takeWordVectors(task: Task, files: VectorFiles): Promise<readonly VectorCoverage[]> {
  const { pipeline } = task
  const given = (['vectors', 'targetVectors'] as const).flatMap((side) => {
    const file = files[side]
    return file === undefined ? [] : [{ file, table: tableOf(task, side, file) }]
  })
  if (given.length === 2 && pipeline.wordTable!.weight === pipeline.targetWordTable!.weight) {
    throw new HeddleError(
      'usage',
      `${task.where}: expected one file of vectors, as the model reads and writes words by one table, got ${given.map(({ file }) => file.name).join(' and ')}. Leave targetVectors out.`,
    )
  }
  const coverage: VectorCoverage[] = []
  for (const { file, table } of given) coverage.push(await fill(task, table, file))
  return coverage
}

function tableOf({ pipeline, where, type }: Task, side: keyof typeof SIDES, file: DataFile): WordTable {
  const { table, verb, other } = SIDES[side]
  const found = pipeline[table]
  if (found !== undefined) return found
  const remedy = pipeline[SIDES[other].table] === undefined ? 'Leave the vectors out.' : `Give them as ${other}.`
  throw new HeddleError(
    'usage',
    `${where}: expected a model with a table of the words that it ${verb} to put the vectors of ${file.name} into, got a run of '${type}' without one. ${remedy}`,
  )
}

async function fill(task: Task, { weight, rows, sizeSetting }: WordTable, file: DataFile): Promise<VectorCoverage> {
  const wanted = new Set([...rows.keys()].flatMap((word) => [word, word.toLowerCase()]))
  const { size, vectors } = await readWordVectors(file, wanted)
  const [V, D] = weight.shape as [number, number]
  if (size !== D) {
    throw new HeddleError(
      'config',
      `${task.where}: expected vectors of size ${D}, as the model has them, got ${size} in ${file.name}. Set ${sizeSetting} to ${size}.`,
    )
  }
  const values = Float32Array.from(await weight.value.data())
  let found = 0
  for (const [word, row] of rows) {
    const vector = vectors.get(word) ?? vectors.get(word.toLowerCase())
    if (vector === undefined) continue
    values.set(vector, row * D)
    found++
  }
  const filled = tf.tensor2d(values, [V, D])
  weight.assign(filled)
  filled.dispose()
  return { file: file.name, found, of: rows.size }
}
