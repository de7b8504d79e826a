import type { Registry } from '@heddle/core'
import type { Exhibit } from '@heddle/tasks'
import { exhibitLines } from '@heddle/views'
import type { Output } from './output.ts'

/** Shows some of what a run demonstrates; the report has all of it. */
export function showExhibits(exhibits: readonly Exhibit[], registry: Registry, output: Output): void {
  for (const line of exhibitLines(exhibits, registry, output)) output.styledLine(line)
}
