/** Stable codes of the errors that a user can cause. */
export type HeddleErrorCode =
  | 'config' // a configuration value is missing, unknown or out of range
  | 'unknown-name' // a registry has nothing of that name
  | 'name-clash' // two plugins contribute the same name
  | 'plugin' // a plugin could not be loaded or is not a plugin
  | 'shape' // a tensor has another shape or dtype than the operation needs
  | 'state-dict' // weights do not fit the model
  | 'file' // a file is missing, unreadable or not writable
  | 'network' // a server cannot be reached, refuses, or sends something else than it announced
  | 'format' // a file's content is malformed
  | 'data' // the data do not fit the task
  | 'usage' // an operation was called in a state or with arguments that it does not allow
  | 'backend' // the compute backend is missing or failed
  | 'training' // training cannot go on (for example, the loss is not finite)

/** Error that a user can cause, with the message `Where: expected …, got …. What to do.` */
export class HeddleError extends Error {
  override readonly name = 'HeddleError'
  readonly code: HeddleErrorCode

  constructor(code: HeddleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Returns whether `error` is a HeddleError, of this or another copy of this package. */
export function isHeddleError(error: unknown): error is HeddleError {
  return error instanceof Error && error.name === 'HeddleError' && 'code' in error
}
