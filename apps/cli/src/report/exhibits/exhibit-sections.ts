import type { Exhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'
import { attendedPicture } from './attended-picture.ts'
import { attentionSvg } from './attention-svg.ts'
import { confusionTable } from './confusion.ts'
import { labelledTexts } from './labelled-text.ts'
import { pictureStrips } from './pictures.ts'
import { samplesTable } from './samples.ts'
import { seriesChart } from './series.ts'

/** The sections of a report that show what the model does. Exhibits of which there are several stand together. */
export function exhibitSections(exhibits: readonly Exhibit[]): Markup[] {
  const sections = exhibits.map(section).filter((each) => each !== undefined)
  const maps = exhibits.filter((exhibit) => exhibit.kind === 'attention')
  if (maps.length > 0) {
    sections.push(
      markup`<section><h2>Where it looked</h2><p>Each row is a word that was written; the fuller a cell, the more the decoder looked at the word above it.</p><div class="maps">${maps.map((map) => markup`<div class="scroll">${attentionSvg(map)}</div>`)}</div></section>`,
    )
  }
  const pictures = exhibits.filter((exhibit) => exhibit.kind === 'attended-picture')
  if (pictures.length > 0) {
    sections.push(markup`<section><h2>Where it looked</h2>${pictures.map(attendedPicture)}</section>`)
  }
  const series = exhibits.filter((exhibit) => exhibit.kind === 'series')
  if (series.length > 0) {
    sections.push(markup`<section><h2>Forecasts</h2><div class="charts">${series.map(seriesChart)}</div></section>`)
  }
  const texts = exhibits.filter((exhibit) => exhibit.kind === 'text')
  if (texts.length > 0) {
    sections.push(
      markup`<section><h2>Generated text</h2><div class="texts">${texts.map(({ title, prompt, text }) => markup`<div><h3>${title}</h3><pre class="text"><i>${prompt}</i>${text}</pre></div>`)}</div></section>`,
    )
  }
  return sections
}

function section(exhibit: Exhibit): Markup | undefined {
  switch (exhibit.kind) {
    case 'samples':
      return samplesTable(exhibit)
    case 'confusion':
      return confusionTable(exhibit)
    case 'labelled-text':
      return labelledTexts(exhibit)
    case 'pictures':
      return pictureStrips(exhibit)
    default:
      return undefined
  }
}
