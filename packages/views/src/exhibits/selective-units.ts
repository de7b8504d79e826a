import type { SelectiveUnit, SelectiveUnitsExhibit } from '@heddle/inspect'
import { scaleBar } from '../charts/scale-bar.ts'
import { exhibitView } from '../exhibit-view.ts'
import { languageAttribute, type Markup, markup } from '../page/markup.ts'
import { colorText } from '../terminal/color-text.ts'
import { heading } from '../terminal/styles.ts'

/** A text once for each unit, colored by the unit's activation. */
export const selectiveUnitsView = exhibitView<SelectiveUnitsExhibit>({
  name: 'selective-units',
  summary: 'a text colored by the activation of units',
  html: (exhibits) => markup`${exhibits.map(sections)}`,
  terminal: (exhibits, { colors, columns }) =>
    exhibits.flatMap(({ tokens, units }) =>
      units.flatMap((unit) => [
        ...heading(`${nameOf(unit)}: ${describe(unit)}`, colors),
        ...colorText(tokens, unit.activations, { colors, columns: Math.max(8, columns - 2) }).map(
          (line) => `  ${line}`,
        ),
      ]),
    ),
})

const nameOf = ({ layer, unit }: SelectiveUnit) => `Layer ${layer}, unit ${unit}`

function describe({ property, correlation, chance, standardDeviation }: SelectiveUnit): string {
  const spread = `standard deviation ${standardDeviation.toFixed(2)}`
  if (property === undefined) return spread
  const note = Math.abs(correlation) > chance ? '' : ', no more than chance'
  return `${property} (r = ${correlation.toFixed(2)}, by chance up to ${chance.toFixed(2)}${note}; ${spread})`
}

function sections({ title, state, tokens, units, numUnits, numLayers }: SelectiveUnitsExhibit): Markup {
  const isCharacters = tokens.every(({ text, gap }) => gap === '' && [...text].length <= 1)
  const language = languageAttribute(tokens.map(({ text }) => text).join(''))
  return markup`<section><h2>${title}</h2><p>${tokens.length} tokens, ${numUnits} units in ${numLayers} ${numLayers === 1 ? 'layer' : 'layers'}. Each token is colored by the unit's ${state === 'cell' ? 'tanh(c)' : 'hidden state h'} after the model has read it. r is the correlation of that state with the property; beside it stands the largest r of any unit by chance, with the property in the wrong places.</p>${markup`<div class="signed">${scaleBar('-1', '1')}</div>`}</section>
${units.map(
  (unit) =>
    markup`<section><h2>${nameOf(unit)}</h2><p>${describe(unit)}</p><pre class="text units" ${language}>${tokens.map(
      ({ text, gap }, i) => markup`${gap}${span(text, unit.activations[i]!, isCharacters)}`,
    )}</pre></section>`,
)}`
}

function span(text: string, value: number, isCharacter: boolean): Markup {
  const share = Math.round(100 * Math.min(1, Math.abs(value)))
  const shown = text.replaceAll('\n', '⏎\n')
  return markup`<span class="${value > 0 ? 'high' : 'low'}${!isCharacter && ' word'}" style="--share:${share}%" title="${value.toFixed(2)}">${shown}</span>`
}
