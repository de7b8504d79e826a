import type { SkippedEvent, StepEvent, ValidationEvent } from './trainer-options.ts'
import type { ValuesEvent } from './values/value-watch.ts'

/**
 * Records a training in a form of its own beside the log, in step with the checkpoints: a run that is resumed has each step once.
 * The trainer awaits every call.
 */
export interface TrainingRecorder {
  /** Key of its state in a checkpoint. */
  readonly name: string
  /**
   * Begins, before the first step.
   *
   * @param checkpoint the step from which a run continues; undefined for one that starts at its first step
   * @param state from {@link checkpoint} of that step; undefined where the run was not recorded then
   */
  start(checkpoint: number | undefined, state: unknown): Promise<void>
  step?(event: StepEvent): Promise<void> | void
  skipped?(event: SkippedEvent): Promise<void> | void
  validation?(event: ValidationEvent): Promise<void> | void
  /**
   * Shows what the model does, as part of a validation: in evaluation mode, with the weights that are validated; with many
   * validations at some of them. It leaves the random streams of the training as they are.
   *
   * @throws the signal's reason, with nothing recorded: the validation is made again later
   */
  demonstrate?(step: number, signal?: AbortSignal): Promise<void>
  /** Weights and gradients at a step that is validated; with many validations at some of them. */
  values?(event: ValuesEvent): Promise<void> | void
  /**
   * Makes everything durable that was recorded so far, before a checkpoint is written.
   *
   * @returns a state for {@link start}, as JSON
   */
  checkpoint(): Promise<unknown>
}
