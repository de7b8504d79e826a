import type { TextToken } from '@heddle/tasks'
import stringWidth from 'string-width'
import { type Markup, markup } from '../page/markup.ts'
import { tokenLabel } from './token-spans.ts'

/** Tokens up to which rows and columns have labels. */
const LABELED = 48
const CELL = 24
/** A labeled cell is at least this high, for its label. */
const LEAST_CELL = 12
const CHARACTER = 7.4
const GAP = 8
/** Largest side of a map without labels. */
const LARGEST = 560
const LONGEST_LABEL = 14

/**
 * A large map of weights: rows are queries, columns are keys. A script can exchange its picture.
 *
 * @param picture address of the picture
 * @param shape number of rows and columns of the picture
 */
export function weightMap(
  picture: string,
  shape: readonly [rows: number, columns: number],
  queries: readonly TextToken[],
  keys: readonly TextToken[],
): Markup {
  const isLabeled = shape[0] === queries.length && shape[1] === keys.length && Math.max(...shape) <= LABELED
  const [rows, columns] = [queries, keys].map((tokens) => (isLabeled ? tokens.map(({ text }) => shortened(text)) : []))
  const widthOf = (labels: readonly string[]) => Math.max(0, ...labels.map((label) => stringWidth(label))) * CHARACTER
  const cell = Math.max(isLabeled ? LEAST_CELL : 0, Math.min(CELL, LARGEST / Math.max(...shape)))
  const [height, width] = [shape[0] * cell, shape[1] * cell]
  const left = isLabeled ? widthOf(rows!) + 2 * GAP : 1
  // Labels of columns are turned by 45 degrees, so they need less height than their length, and room to the right.
  const top = isLabeled ? widthOf(columns!) * Math.SQRT1_2 + 3 * GAP : 1
  const right = isLabeled ? widthOf(columns!.slice(-1)) * Math.SQRT1_2 + GAP : 1
  const [W, H] = [left + width + right, top + height + 1]
  const middle = (i: number) => (i + 0.5) * cell
  return markup`<svg class="weight-map${isLabeled && ' labeled'}" style="--cell:${px(cell)}px" viewBox="0 0 ${px(W)} ${px(H)}" width="${px(W)}" data-cell="${px(cell)}" data-left="${px(left)}" data-top="${px(top)}" role="img" aria-label="weights of the keys (columns) for each query (rows)">
${columns!.map((label, s) => markup`<text transform="translate(${px(left + middle(s) + 4)} ${px(top - GAP)}) rotate(-45)">${label}</text>`)}
${rows!.map((label, t) => markup`<text x="${px(left - GAP)}" y="${px(top + middle(t))}" dy="0.35em" text-anchor="end">${label}</text>`)}
<rect class="frame" x="${px(left - 0.5)}" y="${px(top - 0.5)}" width="${px(width + 1)}" height="${px(height + 1)}"/>
<image href="${picture}" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none"/>
<rect class="chosen" hidden=""/>
</svg>`
}

function shortened(text: string): string {
  const label = tokenLabel(text)
  return [...label].length > LONGEST_LABEL ? `${[...label].slice(0, LONGEST_LABEL - 1).join('')}…` : label
}

const px = (value: number) => value.toFixed(1)
