import { HeddleError, type HeddleErrorCode } from '@heddle/core'

export interface HubErrorOptions extends ErrorOptions {
  /** Whether the same request may succeed later. */
  readonly isTemporary?: boolean
  /** Milliseconds that the server asks to wait before the next request. */
  readonly retryAfter?: number | undefined
}

/** A download that failed; a temporary failure may pass. */
export class HubError extends HeddleError {
  readonly isTemporary: boolean
  readonly retryAfter: number | undefined

  constructor(code: HeddleErrorCode, message: string, options: HubErrorOptions = {}) {
    super(code, message, options)
    this.isTemporary = options.isTemporary ?? false
    this.retryAfter = options.retryAfter
  }
}

/** A failure of the connection, which may pass. */
export const connectionError = (address: string, reason: string, cause?: unknown): HubError =>
  new HubError('network', `${address}: ${reason}. Check the connection, and start again to resume.`, {
    isTemporary: true,
    cause,
  })
