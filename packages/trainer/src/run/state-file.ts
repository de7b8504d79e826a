import { type ConfigSchema, HeddleError, isHeddleError, parseConfig } from '@heddle/core'

/** File that holds a checkpoint's state and names the files that belong to it. */
export const STATE = 'trainer/state.json'

/** @throws HeddleError `format`, naming every field of state.json that is not as `schema` says */
export function checkState<C>(schema: ConfigSchema<C>, value: unknown): C {
  try {
    return parseConfig(STATE, schema, value)
  } catch (error) {
    if (!isHeddleError(error)) throw error
    throw new HeddleError('format', `${error.message} Restore the file, or start again in another folder.`)
  }
}

/**
 * Calls `restore`, which sets something from the field `field` of state.json.
 *
 * @throws HeddleError `format`, naming the field, when `restore` throws anything but a HeddleError
 */
export function restoreField(field: string, restore: () => void): void {
  try {
    restore()
  } catch (error) {
    if (isHeddleError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new HeddleError(
      'format',
      `${STATE}: expected '${field}' to be a state of this run, got another (${reason}). Restore the file, or start again in another folder.`,
      { cause: error },
    )
  }
}
