import { HeddleError } from '@heddle/core'
import { type DataFile, readWordVectors } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import type { Task } from '../task/task.ts'

// V vocabulary, D size of a vector

/**
 * Puts pre-trained vectors into the rows of a task's word table. A word that the file has only in small letters takes that vector;
 * words that it does not have keep their initial one.
 *
 * @param task prepared: its words are known
 * @returns the number of words with a vector of the file, and of all words
 * @throws HeddleError `usage` for a model without a table of words, `config` for vectors of another size
 */
export async function takeWordVectors(
  task: Task,
  file: DataFile,
): Promise<{ readonly found: number; readonly of: number }> {
  const table = task.pipeline.wordTable
  if (table === undefined) {
    throw new HeddleError(
      'usage',
      `${task.where}: expected a model with a table of words to put the vectors of ${file.name} into, got a run of '${task.type}' without one. Leave the vectors out.`,
    )
  }
  const { weight, rows } = table
  const wanted = new Set([...rows.keys()].flatMap((word) => [word, word.toLowerCase()]))
  const { size, vectors } = await readWordVectors(file, wanted)
  const [V, D] = weight.shape as [number, number]
  if (size !== D) {
    throw new HeddleError(
      'config',
      `${task.where}: expected vectors of size ${D}, as the model has them, got ${size} in ${file.name}. Set ${table.sizeSetting} to ${size}.`,
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
  return { found, of: rows.size }
}
