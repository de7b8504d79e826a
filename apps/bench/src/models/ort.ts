import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { Peer } from '../peer.ts'
import type { ForwardPass } from './forward-pass.ts'

/** Outputs that differ by more are not those of the same pass. */
const TOLERANCE = 1e-3

/**
 * Gives a forward pass to onnxruntime's process, by a file in a temporary folder, and compares the outputs.
 *
 * @returns the largest difference of an output
 * @throws HeddleError `data` when the outputs differ by more than 1e-3
 */
export async function openInOrt(peer: Peer, workload: string, pass: ForwardPass): Promise<number> {
  const { graph, inputs, outputs } = await pass.toOnnx()
  const answer = await withTemporaryFile(graph, (model) =>
    peer.ask<{ outputs: Record<string, number[]> }>({ workload, model, inputs }),
  )
  const difference = largestDifference(outputs, answer.outputs)
  if (difference <= TOLERANCE) return difference
  throw new HeddleError(
    'data',
    `bench: expected ${peer.name} to compute what Heddle does in ${workload}, got outputs that differ by ${difference}. Times of different computations do not compare: look for the cause in the export.`,
  )
}

/** Keeps bytes in a file while `use` runs; it is removed on interruption too, as it may be large. */
async function withTemporaryFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const stop = () => process.exit(1) // which removes the folder
  process.once('exit', remove).once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const path = join(folder, 'model.onnx')
    await writeFile(path, bytes)
    return await use(path)
  } finally {
    process.off('exit', remove).off('SIGINT', stop).off('SIGTERM', stop)
    remove()
  }
}

/** The largest difference of two numbers at the same place; infinite for missing outputs, other sizes and NaN. */
export function largestDifference(
  expected: Readonly<Record<string, ArrayLike<number>>>,
  got: Readonly<Record<string, ArrayLike<number>>>,
): number {
  let largest = 0
  for (const [name, values] of Object.entries(expected)) {
    const others = got[name]
    if (others?.length !== values.length) return Infinity
    for (let i = 0; i < values.length; i++) {
      const difference = Math.abs(values[i]! - others[i]!)
      if (Number.isNaN(difference)) return Infinity
      largest = Math.max(largest, difference)
    }
  }
  return largest
}
