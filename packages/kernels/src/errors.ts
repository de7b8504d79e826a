/**
 * An error that a user can cause: `Where: expected …, got …. What to do.`
 *
 * The same name and fields as @heddle/core's HeddleError, so that its `isHeddleError` knows it; this package depends on
 * no other one of Heddle.
 */
export class KernelError extends Error {
  override readonly name = 'HeddleError'
  readonly code: 'shape' | 'usage' | 'backend'

  constructor(code: 'shape' | 'usage' | 'backend', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
