import { ExtensionPoint } from '@heddle/core'
import type { Abortable, Exhibit, Task } from '@heddle/tasks'

export interface InspectionContext {
  readonly task: Task
  /** Opens another run, by the path of its folder. The caller disposes the task. */
  openRun(path: string): Promise<Task>
  /**
   * The examples to look at: the held-out part of the run's data.
   *
   * @param data files or folders to read instead
   */
  examples(data?: readonly string[]): Promise<readonly unknown[]>
}

/** A look inside a trained model; ends within about a step with the reason of a signal. */
export type Inspection = (options?: Abortable) => Promise<Exhibit>

/**
 * The extension point of ways of looking inside a model. Each becomes a command, `heddle inspect NAME RUN`: the required fields of
 * its config are the command's arguments, in their order, the others its options.
 */
export const inspectionPoint = new ExtensionPoint<Inspection, InspectionContext>('inspection')
