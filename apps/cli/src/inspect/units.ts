import {
  type HiddenStates,
  hiddenStates,
  type InsideOptions,
  type ObservedState,
  type TellingUnit,
  tellingUnits,
} from '@heddle/recipes'
import type { Output } from '../output.ts'
import { type Markup, markup } from '../report/markup.ts'
import { colorText } from './color-text.ts'
import { insidePage } from './page.ts'
import type { Shown } from './shown.ts'

export interface UnitsOptions {
  readonly units: string
  readonly unit?: number | undefined
  readonly layer?: number | undefined
  /** Whether tanh(c) is coloured, not h. */
  readonly cellState?: boolean | undefined
}

/** `heddle inspect --units`: colours a text by the units that tell most about it, or by one. */
export async function showUnits(inside: InsideOptions, options: UnitsOptions, output: Output): Promise<Shown> {
  const observed = options.cellState ? 'cell' : 'hidden'
  const states = await hiddenStates(inside, options.units, observed)
  const { unit, layer } = options
  const found = tellingUnits(states, {
    ...(unit !== undefined && { unit }),
    ...(layer !== undefined && { layer }),
  })
  for (const each of found) {
    output.heading(`${nameOf(each)}: ${describe(each)}`)
    const lines = colorText(states.pieces, each.activations, {
      colors: output.colors,
      columns: Math.max(8, output.columns - 2),
    })
    for (const line of lines) output.line(`  ${line}`)
  }
  return {
    file: 'units.html',
    html: unitsPage(inside.name ?? 'run', states, found, observed),
    json: {
      state: observed,
      pieces: states.pieces.map(({ text }) => text),
      units: found.map(({ activations, ...rest }) => ({ ...rest, activations: [...activations] })),
    },
  }
}

const nameOf = ({ layer, unit }: TellingUnit) => `Layer ${layer}, unit ${unit}`

function describe({ property, correlation, chance, standardDeviation }: TellingUnit): string {
  const spread = `standard deviation ${standardDeviation.toFixed(2)}`
  if (property === undefined) return spread
  const luck = Math.abs(correlation) > chance ? '' : ', no more than chance'
  return `${property} (r = ${correlation.toFixed(2)}, by chance up to ${chance.toFixed(2)}${luck}; ${spread})`
}

/** A page with the text once for each unit. */
function unitsPage(
  run: string,
  { pieces, layers }: HiddenStates,
  found: readonly TellingUnit[],
  observed: ObservedState,
): string {
  const count = layers.reduce((sum, { units }) => sum + units.length, 0)
  const isCharacters = pieces.every(({ text, gap }) => gap === '' && [...text].length <= 1)
  const about = `${run} · ${pieces.length} pieces of text, ${count} units in ${layers.length} layer${layers.length === 1 ? '' : 's'}`
  const legend = markup`<section><p>-1<span class="scale"></span>1 · Each piece of text is coloured by the unit's ${observed === 'cell' ? 'tanh(c)' : 'hidden state h'} after the model has read it. r is the correlation of that state with the property; what follows it is the most that any unit reaches by chance, with the property in the wrong places.</p></section>`
  const sections = found.map(
    (each) =>
      markup`<section><h2>${nameOf(each)}</h2><p>${describe(each)}</p><pre class="text units">${pieces.map(
        ({ text, gap }, i) => markup`${gap}${span(text, each.activations[i]!, isCharacters)}`,
      )}</pre></section>`,
  )
  return insidePage('What units see', about, [legend, ...sections])
}

function span(text: string, value: number, isCharacter: boolean): Markup {
  const color = value > 0 ? '214 48 49' : '37 99 201'
  const shown = text.replaceAll('\n', '⏎\n')
  return markup`<span ${!isCharacter && markup`class="word" `}style="background:rgb(${color} / ${(0.9 * Math.min(1, Math.abs(value))).toFixed(2)})" title="${value.toFixed(2)}">${shown}</span>`
}
