import type { AttendedPictureExhibit } from '@heddle/tasks'
import { type Color, Drawing } from '../charts/drawing.ts'
import { colorPng } from '../charts/picture-data.ts'
import { exhibitView } from '../exhibit-view.ts'
import { type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Least width of a picture, in pixels of the page. */
const SIZE = 96
/** Pixels of the page for each pixel of a wide picture, such as the frames of a clip side by side. */
const SCALE = 2
/** Captions in a terminal. */
const SHOWN = 6
/** Pixels between pictures that are drawn side by side. */
const GAP = 4
const WHITE: Color = [255, 255, 255]

/** Each picture once for each word of its caption, bright where the decoder attends. A terminal shows the captions only. */
export const attendedPictureView = exhibitView<AttendedPictureExhibit>({
  name: 'attended-picture',
  summary: 'pictures with the attention at each word of their captions',
  html: (exhibits) => markup`<section><h2>Attention by word</h2>${exhibits.map(strip)}</section>`,
  terminal(exhibits, { colors }) {
    const { dim } = styles(colors)
    return [
      ...heading('Captions (the report has the pictures)', colors),
      ...exhibits.slice(0, SHOWN).map((exhibit) => {
        const { expected } = exhibit
        const caption = captionOf(exhibit)
        return `  ${caption}${expected !== undefined && expected !== caption ? dim(`  (expected: ${expected})`) : ''}`
      }),
    ]
  },
  pictures: (exhibit) => [
    {
      ...wordsPicture(exhibit),
      description: 'A picture, and the same once for each word of its caption, bright where the decoder attends.',
    },
  ],
})

/** The picture, and beside it the same for each word. */
function wordsPicture(exhibit: AttendedPictureExhibit): ReturnType<Drawing['picture']> {
  const { width, height, pixels, words, weights } = exhibit
  const scale = Math.max(1, Math.floor(SIZE / width))
  const all = [pixels, ...words.map((_, t) => lit(exhibit, weights[t] ?? []))]
  const drawing = new Drawing({ width: all.length * (width * scale + GAP) - GAP, height: height * scale }, WHITE)
  for (const [column, values] of all.entries()) {
    const colorAt = (i: number): Color => [
      Math.round(values[3 * i]!),
      Math.round(values[3 * i + 1]!),
      Math.round(values[3 * i + 2]!),
    ]
    drawing.place(column * (width * scale + GAP), 0, { width, height }, scale, colorAt)
  }
  return drawing.picture()
}

const captionOf = ({ words }: AttendedPictureExhibit) => words.filter((word) => !/^<.*>$/.test(word)).join(' ')

function strip(exhibit: AttendedPictureExhibit): Markup {
  const { width, height, pixels, words, weights, expected } = exhibit
  const caption = captionOf(exhibit)
  const shownWidth = Math.max(SIZE, SCALE * width)
  const drawn = { width: shownWidth, height: Math.round((shownWidth * height) / width) }
  const figure = (values: readonly number[], label: string) =>
    markup`<figure><img alt="${label}" width="${drawn.width}" height="${drawn.height}" src="${colorPng(values, width, height)}"><small>${phrase(label)}</small></figure>`
  return markup`<p>${phrase(caption)}${expected !== undefined && expected !== caption && markup` <small>(expected: ${phrase(expected)})</small>`}</p><div class="strip">${figure(pixels, 'picture')}${words.map((word, t) => figure(lit(exhibit, weights[t] ?? []), word))}</div>`
}

/** The pixels, each as bright as its region's share of the most attended one. */
function lit({ pixels, width, height, rows, columns }: AttendedPictureExhibit, weights: readonly number[]): number[] {
  const most = Math.max(...weights, 1e-9)
  return pixels.map((value, i) => {
    const place = Math.floor(i / 3)
    const row = Math.floor((Math.floor(place / width) * rows) / height)
    const column = Math.floor(((place % width) * columns) / width)
    const share = (weights[row * columns + column] ?? 0) / most
    return value * (0.15 + 0.85 * share)
  })
}
