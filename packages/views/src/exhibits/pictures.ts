import type { LabeledPicture, PicturesExhibit } from '@heddle/tasks'
import { grayPng } from '../charts/picture-data.ts'
import { exhibitView } from '../exhibit-view.ts'
import { labelMarkup } from '../page/label-markup.ts'
import { type Markup, markup } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Size of the longer side of a picture, in pixels of the page. */
const SIZE = 72
/** Strips in a terminal. */
const SHOWN = 3

/** Strips of gray pictures with their labels. A terminal shows the labels only. */
export const picturesView = exhibitView<PicturesExhibit>({
  name: 'pictures',
  summary: 'strips of gray pictures with labels',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, { colors }) =>
    exhibits.flatMap(({ title, strips }) => [
      ...heading(`${title} (labels; the report has the pictures)`, colors),
      ...strips.slice(0, SHOWN).map((strip) => `  ${labelsOf(strip, colors)}`),
    ]),
})

function section({ title, width, height, strips }: PicturesExhibit): Markup {
  const scale = Math.max(1, Math.round(SIZE / Math.max(width, height)))
  const figure = (picture: LabeledPicture) =>
    markup`<figure><img alt="${picture.label}" width="${width * scale}" height="${height * scale}" src="${grayPng(picture.pixels, width, height)}"><small>${labelMarkup(picture)}</small></figure>`
  return markup`<section><h2>${title}</h2>${strips.map((strip) => markup`<div class="strip">${strip.map(figure)}</div>`)}</section>`
}

/** Labels side by side; of the frames of a clip that has one label, only the first has it. */
const labelsOf = (strip: readonly LabeledPicture[], colors: boolean) =>
  strip
    .map((picture) => labelOf(picture, colors))
    .filter((label) => label !== '')
    .join(' ')

function labelOf({ label, expected }: LabeledPicture, colors: boolean): string {
  const { dim, red } = styles(colors)
  return expected !== undefined && expected !== label ? red(label) + dim(`(${expected})`) : label
}
