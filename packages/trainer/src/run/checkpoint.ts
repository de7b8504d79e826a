import { HeddleError, readSafetensors, show, writeSafetensors } from '@heddle/core'
import type { StateDict } from '@heddle/layers'
import { crc32 } from './crc32.ts'
import type { RunStore } from './run-store.ts'

const STATE = 'trainer/state.json'
const FORMAT = 1

interface FileRecord {
  readonly path: string
  readonly bytes: number
  readonly crc32: string
}

/** What `trainer/state.json` holds. */
interface StateFile {
  readonly format: number
  readonly step: number
  readonly files: Readonly<Record<string, FileRecord>>
  readonly state: unknown
}

export interface Checkpoint {
  readonly step: number
  /** Groups of tensors by name (weights, optimizer, …), each with the step that it is of. */
  readonly tensors: ReadonlyMap<string, { readonly step: number; readonly tensors: StateDict }>
  /** Everything else, as JSON. */
  readonly state: unknown
}

/**
 * The newest checkpoint of a run.
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

  /** Makes `checkpoint` the run's; a group that the checkpoint before holds for the same step is not written again. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const files: Record<string, FileRecord> = {}
    for (const [name, { step, tensors }] of checkpoint.tensors) {
      const path = `trainer/${name}-${step}.safetensors`
      const current = this.#current[name]
      // A step's state is always the same, so a file of that name in the checkpoint before is this one.
      if (current?.path === path) {
        files[name] = current
        continue
      }
      const bytes = writeSafetensors(tensors)
      await this.#store.write(path, bytes)
      files[name] = { path, bytes: bytes.byteLength, crc32: crc32(bytes) }
    }
    const state: StateFile = { format: FORMAT, step: checkpoint.step, files, state: checkpoint.state }
    await this.#store.write(STATE, new TextEncoder().encode(`${JSON.stringify(state, null, 1)}\n`))
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
      else if (content.byteLength !== record.bytes || crc32(content) !== record.crc32) {
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

function parseState(bytes: Uint8Array): StateFile {
  let parsed: Partial<StateFile> | null
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<StateFile> | null
  } catch (error) {
    throw new HeddleError('format', `${STATE}: expected JSON (${error instanceof Error ? error.message : error}).`)
  }
  if (parsed?.format !== FORMAT) {
    throw new HeddleError(
      'format',
      `${STATE}: expected format ${FORMAT}, got ${show(parsed?.format)}. Resume with the version of Heddle that wrote it.`,
    )
  }
  const { format, step, files, state } = parsed
  if (!Number.isSafeInteger(step) || typeof files !== 'object' || files === null) {
    throw new HeddleError('format', `${STATE}: expected { format, step, files, state }, got ${show(parsed)}.`)
  }
  return { format, step: step!, files, state }
}
