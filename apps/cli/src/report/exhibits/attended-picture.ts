import type { AttendedPictureExhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'
import { colorPng } from './picture-data.ts'

/** How wide a picture is drawn. */
const SIZE = 96

/** The picture once for each word that was written, lit where the decoder looked and dark elsewhere. */
export function attendedPicture(exhibit: AttendedPictureExhibit): Markup {
  const { width, height, pixels, words, weights, expected } = exhibit
  const said = words.filter((word) => !/^<.*>$/.test(word)).join(' ')
  const drawn = { width: SIZE, height: Math.round((SIZE * height) / width) }
  const figure = (values: readonly number[], label: string) =>
    markup`<figure><img alt="${label}" width="${drawn.width}" height="${drawn.height}" src="${colorPng(values, width, height)}"><small>${label}</small></figure>`
  return markup`<p>${said}${expected !== undefined && expected !== said && markup` <small>(expected: ${expected})</small>`}</p><div class="strip">${figure(pixels, 'picture')}${words.map((word, t) => figure(lit(exhibit, weights[t] ?? []), word))}</div>`
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
