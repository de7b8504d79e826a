import { show } from '@heddle/core'
import { isObject } from '../page/settings-tree.ts'

/**
 * The settings of a run that differ from those of another, as `path value`; one that is gone as `no path`.
 *
 * @param before settings of the other run, nested as in config.json
 */
export function runDifferences(before: unknown, after: unknown, path = ''): string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    // Of another type, a part has other settings altogether.
    if (before['type'] !== after['type'] && path !== '') return [`${path} ${show(after['type'])}`]
    return keys.flatMap((key) => runDifferences(before[key], after[key], path === '' ? key : `${path}.${key}`))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (after === undefined) return [`no ${path}`]
  return [`${path} ${typeof after === 'string' ? after : JSON.stringify(after)}`]
}
