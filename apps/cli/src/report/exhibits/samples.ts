import type { SamplesExhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'

/** A table of inputs and outputs, those that differ from what was expected marked. */
export function samplesTable({ title, samples }: SamplesExhibit): Markup {
  const judged = samples.some(({ expected }) => expected !== undefined)
  const differs = samples.some(({ output, expected }) => expected !== undefined && output !== expected)
  return markup`<section><h2>${title}</h2><div class="scroll"><table>
<tr>${judged && markup`<th></th>`}<th>input</th><th>output</th>${differs && markup`<th>expected, where it differs</th>`}</tr>
${samples.map(({ input, output, expected }) => {
  const right = output === expected
  const mark = markup`<td class="mark ${right ? 'yes' : 'no'}">${right ? '✓' : '✗'}</td>`
  return markup`<tr>${judged && mark}<td>${input}</td><td>${output}</td>${differs && markup`<td>${!right && expected}</td>`}</tr>`
})}</table></div></section>`
}
