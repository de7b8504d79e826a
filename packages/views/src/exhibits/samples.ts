import type { Sample, SamplesExhibit } from '@heddle/tasks'
import { exhibitView } from '../exhibit-view.ts'
import { languageAttribute, type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'
import { differences, type Part } from '../text/differences.ts'

/** Samples in a terminal. */
const SHOWN = 6

/** Tables of inputs and outputs. Where an output differs from the expected one, the parts that differ are marked in both. */
export const samplesView = exhibitView<SamplesExhibit>({
  name: 'samples',
  summary: 'a table of inputs and outputs',
  html: (exhibits) => markup`${exhibits.map(table)}`,
  terminal: (exhibits, { colors }) =>
    exhibits.flatMap(({ title, samples }) => [
      ...heading(title, colors),
      ...samples.slice(0, SHOWN).flatMap((sample) => lines(sample, colors)),
    ]),
})

function table({ title, samples }: SamplesExhibit): Markup {
  const judged = samples.some(({ expected }) => expected !== undefined)
  const differs = samples.some(({ output, expected }) => expected !== undefined && output !== expected)
  return markup`<section><h2>${title}</h2><table class="stacked">
<thead><tr>${judged && markup`<th></th>`}<th>input</th><th>output</th>${differs && markup`<th>expected, where it differs</th>`}</tr></thead>
${samples.map(({ input, output, expected }) => {
  const right = output === expected
  const [given, wanted] = right || expected === undefined ? [phrase(output), ''] : marked(output, expected)
  const mark = expected !== undefined && markup`<span class="${right ? 'yes' : 'no'}">${right ? '✓' : '✗'}</span>`
  return markup`<tr>${judged && markup`<td class="mark">${mark}</td>`}<td data-label="input">${phrase(input)}</td><td data-label="output">${given}</td>${differs && markup`<td ${!right && expected !== undefined && markup`data-label="expected"`}>${wanted}</td>`}</tr>`
})}</table></section>`
}

function marked(output: string, expected: string): [Markup, Markup] {
  const [given, wanted] = differences(output, expected)
  const shown = (parts: readonly Part[], kind: 'extra' | 'missing') => {
    const text = parts.map((part) => part.text).join('')
    const inner = parts.map((part) => (part.differs ? markup`<mark class="${kind}">${part.text}</mark>` : part.text))
    return markup`<span ${languageAttribute(text)}>${inner}</span>`
  }
  return [shown(given, 'extra'), shown(wanted, 'missing')]
}

function lines({ input, output, expected }: Sample, colors: boolean): string[] {
  const { dim, green, red, underline } = styles(colors)
  const first = `  ${dim(input)}`
  if (expected === undefined) return [first, `  ${output}`]
  if (output === expected) return [first, `  ${green('=')} ${output}`]
  const [given, wanted] = differences(output, expected)
  const shown = (parts: readonly Part[], style: (text: string) => string) =>
    parts.map(({ text, differs }) => (differs ? style(text) : text)).join('')
  return [
    first,
    `  ${red('≠')} ${shown(given, (text) => red(underline(text)))}  ${dim('(expected: ')}${shown(wanted, (text) => green(underline(text)))}${dim(')')}`,
  ]
}
