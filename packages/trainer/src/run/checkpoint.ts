import { crc32, HeddleError, readSafetensors, show, writeSafetensors } from '@heddle/core'
import type { StateDict } from '@heddle/layers'
import * as z from 'zod'
import type { RunStore } from './run-store.ts'
import { checkState, STATE } from './state-file.ts'

const FORMAT = 1

const fileRecord = z.strictObject({
  path: z.string().regex(/^trainer\/[\w-]+\.safetensors$/, 'expected a file trainer/….safetensors'),
  bytes: z.int().min(0),
  crc32: z.string(),
})
type FileRecord = z.output<typeof fileRecord>

const stateFile = z.object({
  format: z.literal(FORMAT),
  step: z.int().min(0),
  files: z.record(z.string(), fileRecord),
  state: z.unknown(),
})
type StateFile = z.output<typeof stateFile>

export interface Checkpoint {
  readonly step: number
  /** Groups of tensors by name (weights, optimizer, best@80, …), each with the step that it belongs to. */
  readonly tensors: ReadonlyMap<string, { readonly step: number; readonly tensors: StateDict }>
  /** The rest of the state, as JSON. */
  readonly state: unknown
}

const hexadecimal = (crc: number) => crc.toString(16).padStart(8, '0')

/**
 * Reads and writes the newest checkpoint of a run.
 *
 * Each group of tensors is a file of its own with the step in its name (`trainer/weights-120.safetensors`), and
 * `trainer/state.json` names the files that belong together with their sizes and checksums. New files never replace those of
 * the checkpoint before; renaming state.json into its place is the one moment at which the new checkpoint becomes the run's.
 * So a crash at any moment leaves a complete one, and files that state.json does not name are removed after the next.
 */
export class CheckpointFiles {
  readonly #store: RunStore
  #current: Readonly<Record<string, FileRecord>> = {}

  constructor(store: RunStore) {
    this.#store = store
  }

  /**
   * Makes `checkpoint` the run's; a group that the checkpoint before holds for the same step is not written again. When a write
   * fails, the checkpoint before stays the run's.
   */
  async write(checkpoint: Checkpoint): Promise<void> {
    const files: Record<string, FileRecord> = {}
    const present = new Set(await this.#store.list('trainer'))
    const written: string[] = []
    try {
      for (const [name, { step, tensors }] of checkpoint.tensors) {
        const path = `trainer/${name.replace(/@.*/, '')}-${step}.safetensors`
        const current = this.#current[name]
        // The state of a step is always the same, so a file of that name in the checkpoint before is this one.
        if (current?.path === path && present.has(path)) {
          files[name] = current
          continue
        }
        const bytes = writeSafetensors(tensors)
        written.push(path)
        await this.#store.write(path, bytes)
        files[name] = { path, bytes: bytes.byteLength, crc32: hexadecimal(crc32(bytes)) }
      }
      const state: StateFile = { format: FORMAT, step: checkpoint.step, files, state: checkpoint.state }
      await this.#store.write(STATE, new TextEncoder().encode(`${JSON.stringify(state, null, 1)}\n`))
    } catch (error) {
      // On a full disk, files of a checkpoint that never came to be would take the room of the next one.
      for (const path of written) await this.#store.remove(path).catch(() => {})
      throw error
    }
    this.#current = files
    await this.removeLeftovers()
  }

  /** Removes files of earlier checkpoints and of writes that a crash interrupted. */
  async removeLeftovers(): Promise<void> {
    const named = new Set([STATE, ...Object.values(this.#current).map(({ path }) => path)])
    for (const path of await this.#store.list('trainer')) if (!named.has(path)) await this.#store.remove(path)
  }

  /**
   * The checkpoint that state.json names, or undefined when there is none.
   *
   * @throws HeddleError `format` when a file is missing or not the one that was written
   */
  async read(): Promise<Checkpoint | undefined> {
    const bytes = await this.#store.read(STATE)
    if (bytes === undefined) return undefined
    const { step, files, state } = parseState(bytes)
    const tensors = new Map<string, { step: number; tensors: StateDict }>()
    const problems: string[] = []
    for (const [name, record] of Object.entries(files)) {
      const content = await this.#store.read(record.path)
      if (content === undefined) problems.push(`'${record.path}' is missing`)
      else if (content.byteLength !== record.bytes || hexadecimal(crc32(content)) !== record.crc32) {
        problems.push(
          `'${record.path}' is not the file that was saved (${content.byteLength} bytes, expected ${record.bytes})`,
        )
      } else {
        const fileStep = Number(/-(\d+)\.safetensors$/.exec(record.path)?.[1] ?? step)
        tensors.set(name, { step: fileStep, tensors: readSafetensors(content, record.path).tensors })
      }
    }
    if (problems.length > 0) {
      throw new HeddleError(
        'format',
        `Checkpoint of step ${step}: expected the files that ${STATE} names, got: ${problems.join('; ')}. Restore them, or start again in another folder.`,
      )
    }
    this.#current = files
    return { step, tensors, state }
  }
}

/**
 * The step of the checkpoint that a run has, or undefined when there is none. Its files are not read.
 *
 * @throws HeddleError `format` when state.json is damaged
 */
export async function readCheckpointStep(store: RunStore): Promise<number | undefined> {
  const bytes = await store.read(STATE)
  return bytes && parseState(bytes).step
}

function parseState(bytes: Uint8Array): StateFile {
  let parsed: { format?: unknown } | null
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new HeddleError(
      'format',
      `${STATE}: expected JSON, got something else (${error instanceof Error ? error.message : error}). Restore the file, or start again in another folder.`,
    )
  }
  if (typeof parsed?.format === 'number' && parsed.format !== FORMAT) {
    throw new HeddleError(
      'format',
      `${STATE}: expected format ${FORMAT}, got ${show(parsed.format)}. Resume with the version of Heddle that wrote it.`,
    )
  }
  return checkState(stateFile, parsed)
}
