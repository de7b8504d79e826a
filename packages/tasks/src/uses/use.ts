import { ExtensionPoint, HeddleError } from '@heddle/core'
import type { Row } from '@heddle/data'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { Abortable, InputReader } from '../task/pipeline.ts'
import type { Task } from '../task/task.ts'
import type { AbilityKind } from './ability.ts'
import type { FileOpener } from './opened-files.ts'

export interface UseResult {
  /** Text to print, one entry for each input. */
  readonly outputs: readonly string[]
  /** The same as data, for --json. */
  readonly json: unknown
  /** The same as rows of a file, one for each input; present for uses that can be written to one. */
  readonly rows?: readonly Row[]
  /** Pictures of the results, such as attention maps. */
  readonly exhibits?: readonly Exhibit[]
}

export interface UseContext extends FileOpener, Abortable {
  readonly task: Task
  /** Name for messages, such as the run's folder. */
  readonly name: string
  /** Receives text as it is generated. */
  onText?(text: string): void
}

export interface UseOptions {
  /** The inputs as the pipeline's `input` reads them, where the caller has read them already. */
  readonly read?: readonly unknown[] | undefined
}

/** Maps inputs to outputs with a trained task; made from the options of a command. */
export interface Use {
  (inputs: readonly string[], options?: UseOptions): Promise<UseResult>
  /** Reader of its inputs (default: the pipeline's reader of inputs to predict). */
  readonly input?: InputReader<unknown>
}

/**
 * The extension point of uses of trained tasks. Each becomes a command: its name is the command's, its config the command's
 * options. It asks the task's pipeline for the ability that it needs.
 */
export const usePoint = new ExtensionPoint<Use, UseContext>('use')

/** @throws HeddleError `usage` when the task lacks the ability; names the uses that it has */
export function abilityOf<T>({ task, name }: UseContext, kind: AbilityKind<T>): T {
  const { abilities } = task.pipeline
  const ability = kind.find(abilities)
  if (ability !== undefined) return ability
  const known = new Set(task.registry.list(usePoint).map((use) => use.name))
  const usable = [...abilities.map((each) => each.kind).filter((each) => known.has(each)), 'predict']
  throw new HeddleError(
    'usage',
    `${kind.name}: expected a run that can ${kind.name}, got ${name}, a run of '${task.type}'. Use ${usable.map((each) => `'heddle ${each}'`).join(', ')}.`,
  )
}
