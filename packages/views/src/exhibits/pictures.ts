import type { LabeledPicture, PicturesExhibit } from '@heddle/tasks'
import { Drawing, gray } from '../charts/drawing.ts'
import { grayPng } from '../charts/picture-data.ts'
import { exhibitView } from '../exhibit-view.ts'
import { labelMarkup } from '../page/label-markup.ts'
import { type Markup, markup } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Size of the longer side of a picture, in pixels of the page. */
const SIZE = 72
/** Strips in a terminal. */
const SHOWN = 3
/** Pixels between pictures that are drawn side by side. */
const GAP = 4
const WHITE = [255, 255, 255] as const

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
  pictures: ({ width, height, strips }) => [
    {
      ...stripsPicture({ width, height }, strips),
      description: 'Strips of pictures, as the text of the same name has their labels.',
    },
  ],
})

/** The strips one below the other. */
function stripsPicture(
  size: { readonly width: number; readonly height: number },
  strips: PicturesExhibit['strips'],
): ReturnType<Drawing['picture']> {
  const scale = Math.max(1, Math.floor(SIZE / Math.max(size.width, size.height)))
  const [across, down] = [size.width * scale + GAP, size.height * scale + GAP]
  const longest = Math.max(...strips.map((strip) => strip.length), 1)
  const drawing = new Drawing({ width: longest * across - GAP, height: Math.max(1, strips.length) * down - GAP }, WHITE)
  for (const [row, strip] of strips.entries()) {
    for (const [column, { pixels }] of strip.entries()) {
      drawing.place(column * across, row * down, size, scale, (i) => gray(pixels[i] ?? 0))
    }
  }
  return drawing.picture()
}

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
