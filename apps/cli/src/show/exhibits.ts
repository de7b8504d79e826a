import type { Exhibit } from '@heddle/recipes'
import pc from 'picocolors'
import type { Output } from '../output.ts'
import { drawHeatMap } from './heat-map.ts'

const SHOWN_SAMPLES = 6
const SHOWN_TEXTS = 1

/** Shows some of what a run demonstrates; the report has all of it. */
export function showExhibits(exhibits: readonly Exhibit[], output: Output): void {
  const { dim, green, red } = pc.createColors(output.colors)
  for (const exhibit of exhibits) {
    if (exhibit.kind !== 'samples') continue
    output.heading(exhibit.title)
    for (const { input, output: text, expected } of exhibit.samples.slice(0, SHOWN_SAMPLES)) {
      output.line(`  ${dim(input)}`)
      if (expected === undefined) output.line(`  ${text}`)
      else if (text === expected) output.line(`  ${green('=')} ${text}`)
      else output.line(`  ${red('≠')} ${text}  ${dim(`(expected: ${expected})`)}`)
    }
  }
  const map = exhibits.find((exhibit) => exhibit.kind === 'attention')
  if (map !== undefined) {
    output.heading('Where it looked')
    for (const line of drawHeatMap(map, output)) output.line(`  ${line}`)
  }
  for (const exhibit of exhibits) {
    if (exhibit.kind !== 'labelled-text') continue
    output.heading(exhibit.title)
    for (const pieces of exhibit.texts.slice(0, SHOWN_SAMPLES)) {
      const labelled = pieces.map(({ text, label, expected }) => {
        const wrong = expected !== undefined && expected !== label
        return `${text}${wrong ? red(`/${label}`) + dim(`(${expected})`) : dim(`/${label}`)}`
      })
      output.line(`  ${labelled.join(' ')}`)
    }
  }
  const texts = exhibits.filter((exhibit) => exhibit.kind === 'text')
  // The middle one of a series of temperatures is the most readable.
  const middle = Math.floor((texts.length - 1) / 2)
  for (const { title, prompt, text } of texts.slice(Math.max(0, middle), middle + SHOWN_TEXTS)) {
    output.heading(`Generated text (${title.toLowerCase()})`)
    for (const line of (dim(prompt) + text).split('\n')) output.line(`  ${line}`)
  }
}
