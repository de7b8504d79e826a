import type { LabelledPicture, PicturesExhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'
import { greyPng } from './picture-data.ts'

/** Strips of grey pictures with their labels; a wrong label is struck out before the right one. */
export function pictureStrips({ title, width, height, strips }: PicturesExhibit): Markup {
  const scale = Math.max(1, Math.round(72 / Math.max(width, height)))
  const picture = ({ pixels, label, expected }: LabelledPicture) => {
    const wrong = expected !== undefined && expected !== label
    return markup`<figure><img alt="${label}" width="${width * scale}" height="${height * scale}" src="${greyPng(pixels, width, height)}"><small>${wrong ? markup`<s class="no">${label}</s> ${expected}` : label}</small></figure>`
  }
  return markup`<section><h2>${title}</h2>${strips.map((strip) => markup`<div class="strip">${strip.map(picture)}</div>`)}</section>`
}
