import { HeddleError } from '@heddle/core'

/**
 * Refuses options beside `--resume` that belong to what is resumed.
 *
 * @param options those that were given; false stands for one that was not
 * @throws HeddleError `usage` that names them
 */
export function refuseBesideResume(command: string, kept: string, options: readonly (string | false)[]): void {
  const given = options.filter(Boolean)
  if (given.length === 0) return
  throw new HeddleError(
    'usage',
    `${command} --resume: expected no ${given.join(', ')}, as a ${kept} keeps its own. Leave it out, or start a new ${kept}.`,
  )
}
