import { HeddleError, type PartSpec, parseConfig, show } from '@heddle/core'
import type { GivenOrigin } from '@heddle/tasks'
import type { RunStore } from '@heddle/trainer'
import * as z from 'zod'
import { parseSpace, type Space } from '../space/space.ts'
import type { Direction } from './trial.ts'

const FILE = 'study.json'
const FORMAT = 1

const part = z.looseObject({ type: z.string() })
const origin = { name: z.string(), sha256: z.string(), paths: z.array(z.string()).optional() }
const schema = z.strictObject({
  format: z.literal(FORMAT),
  id: z.string(),
  recipe: part,
  seed: z.int().min(0),
  budget: z.number().positive().optional(),
  data: z
    .strictObject({ ...origin, validation: z.strictObject(origin).optional(), test: z.strictObject(origin).optional() })
    .nullable(),
  space: z.record(z.string(), z.unknown()),
  method: part,
  pruner: part,
  trials: z.int().min(1),
  parallel: z.int().min(1),
  metric: z.string(),
  direction: z.enum(['minimize', 'maximize']),
})

/** Content of a study's `study.json`: all that its trials follow from. */
export interface StudyConfig {
  /** Identity of the study among all others. */
  readonly id: string
  /** The recipe with the settings that all trials share. */
  readonly recipe: PartSpec
  readonly seed: number
  /** Milliseconds for the steps of each trial, in place of `training.steps`. */
  readonly budget?: number | undefined
  /** The given data; null for built-in ones. */
  readonly data: GivenOrigin | null
  readonly space: Space
  readonly method: PartSpec
  readonly pruner: PartSpec
  /** Number of trials that the study was started with. */
  readonly trials: number
  /** Number of trials at once that decisions are made for. */
  readonly parallel: number
  /** Name of the monitored metric. */
  readonly metric: string
  readonly direction: Direction
}

export async function writeStudyConfig(store: RunStore, config: StudyConfig): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, ...config }, undefined, 2)
  await store.write(FILE, new TextEncoder().encode(`${text}\n`))
}

/**
 * Reads and checks `study.json`.
 *
 * @param where the study, for messages
 * @throws HeddleError `file`, `format` or `config`
 */
export async function readStudyConfig(store: RunStore, where: string): Promise<StudyConfig> {
  const bytes = await store.read(FILE)
  if (bytes === undefined) {
    throw new HeddleError(
      'file',
      `${where}: expected a search with the file ${FILE}, got none. Name a folder that 'heddle search' made.`,
    )
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new HeddleError(
      'format',
      `${where}: expected JSON in ${FILE}, got ${show(String(cause))}. Start a new search.`,
      {
        cause,
      },
    )
  }
  const config = parseConfig(`${where}/${FILE}`, schema, value)
  const { format: _, space, ...rest } = config
  return { ...rest, space: parseSpace(`${where}/${FILE}: space`, space) }
}
