import type { AttentionHead, AttentionHeadsExhibit, AttentionStack, HeadFigures } from '@heddle/inspect'
import { exhibitView } from '../exhibit-view.ts'
import { formatSpread, habitOf } from '../heads/habit.ts'
import { headsPicture } from '../heads/heads-picture.ts'
import { HEADS_SCRIPT } from '../heads/script.ts'
import { stackLines } from '../heads/stack-lines.ts'
import { tokenSpans } from '../heads/token-spans.ts'
import { weightMap } from '../heads/weight-map.ts'
import { inBlocks, weightPicture } from '../heads/weight-picture.ts'
import { type Markup, markup, phrase, script } from '../page/markup.ts'
import { heading } from '../terminal/styles.ts'

/** Weights of one stack that a page holds in full; of more it holds the largest of each block of tokens. */
const MOST_WEIGHTS = 4_000_000
/** Rows and columns from which a small map has a picture of its own, so that thin lines do not vanish in it. */
const THUMBNAIL = 96

/** Attention by layer and head: small maps of all heads, one head in large, and a text colored by what a token looks at. */
export const attentionHeadsView = exhibitView<AttentionHeadsExhibit>({
  name: 'attention-heads',
  summary: 'attention by layer and head',
  html(exhibits) {
    const stacks = exhibits.flatMap((exhibit) => exhibit.stacks)
    return markup`${stacks.map((stack, i) => section(stack, i === stacks.length - 1))}`
  },
  terminal: (exhibits, options) =>
    exhibits.flatMap(({ text, stacks }) => [
      ...(text === undefined ? [] : heading(`Written: ${text}`, options.colors)),
      ...stacks.flatMap((stack) => [
        ...heading(`${stack.name}: attention by layer and head`, options.colors),
        ...stackLines(stack, { ...options, columns: Math.max(20, options.columns - 2) }).map((line) => `  ${line}`),
      ]),
    ]),
  pictures: ({ stacks }) =>
    stacks.map((stack) => ({
      ...headsPicture(stack),
      description: `${stack.name}: a map for each head, a row for each layer from the bottom up. Rows of a map are the tokens that look, columns those looked at; the darker, the larger the weight.`,
    })),
})

const SUMMARIES = {
  rollout: ['rollout', 'All layers: rollout, the share of each input token in what arrives at the top'],
  flow: ['flow', 'All layers: attention flow, the most that each input token can send to the top'],
  mean: ['mean', 'All layers: mean over layers and heads'],
} as const

/** @param isLast whether the section brings the script for all of them */
function section(stack: AttentionStack, isLast: boolean): Markup {
  const { name, over, queries, keys, layers, summary } = stack
  const isSelf = over === 'itself'
  const numMaps = layers.reduce((sum, { heads }) => sum + heads.length, 1)
  const block = Math.max(1, Math.ceil(Math.sqrt((numMaps * queries.length * keys.length) / MOST_WEIGHTS)))
  const numHeads = Math.max(...layers.map(({ heads }) => heads.length))
  const [short, long] = SUMMARIES[summary.kind]
  const isOne = layers.length === 1 && numHeads === 1
  const button = (weights: AttentionHead['weights'], label: string, caption: string, pressed: boolean) => {
    const blocks = inBlocks(weights, block)
    const longest = Math.max(blocks.length, blocks[0]?.length ?? 0)
    const full = weightPicture(blocks)
    const isLong = longest > THUMBNAIL
    const small = isLong ? weightPicture(inBlocks(blocks, Math.ceil(longest / THUMBNAIL))) : full
    return markup`<button type="button" class="head" title="${label}" aria-pressed="${pressed ? 'true' : 'false'}"${isLong && markup` data-map="${full}"`}><img alt="" src="${small}"><small>${caption}</small></button>`
  }
  const shown = isOne ? layers[0]!.heads[0]!.weights : summary.weights
  const blocks = inBlocks(shown, block)
  const shape = [blocks.length, blocks[0]?.length ?? 0] as const
  return markup`<section class="heads" data-block="${block}" data-columns="${numHeads}"><h2>${name}: attention by layer and head</h2>
<p>${intro(stack)}${block > 1 && ` The text is long: a cell of the maps is the largest weight among ${block} × ${block} tokens.`}</p>
<div class="scroll"><table class="grid">${layers.map(
    ({ layer, heads }, l) =>
      markup`<tr><th scope="row">layer ${layer}</th>${heads.map((head, h) => markup`<td>${button(head.weights, `Layer ${layer}, head ${head.head}: ${describe(head.figures)}`, habitOf(head.figures).text, isOne && l === 0 && h === 0)}</td>`)}</tr>`,
  )}<tr><th scope="row">all layers</th><td>${button(summary.weights, long, short, !isOne)}</td></tr></table></div>
<h3 class="head-title">${isOne ? `Layer ${layers[0]!.layer}, head ${layers[0]!.heads[0]!.head}` : long}</h3>
<div class="head-view"><div>${tokenSpans(queries, 'queries', isSelf ? 'tokens' : 'target tokens')}${!isSelf && markup`<small>source</small>${tokenSpans(keys, 'keys', 'source tokens')}`}
<p class="answer" aria-live="polite"></p><label class="choice"><input type="checkbox" class="reverse"> color what looks at the chosen token</label></div>
<div class="scroll">${weightMap(weightPicture(blocks), shape, queries, keys)}<small>rows: queries, the tokens that look; columns: keys, the tokens looked at</small></div></div>
<details><summary>Figures of each head</summary><div class="scroll">${figuresTable(stack)}</div></details>${isLast && script(HEADS_SCRIPT)}</section>`
}

function intro({ over, queries, keys, layers }: AttentionStack): string {
  const numHeads = layers.reduce((sum, { heads }) => sum + heads.length, 0)
  const size =
    over === 'itself' ? `${queries.length} tokens` : `${queries.length} target tokens over ${keys.length} source tokens`
  return `${size}, ${numHeads} ${numHeads === 1 ? 'head' : 'heads'} in ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}. Choose a head to see its map in large, and a token to color the text by what the head looks at from there.`
}

const COLUMNS = [
  ['previous', 'previous token'],
  ['itself', 'the token itself'],
  ['next', 'next token'],
  ['first', 'first token'],
  ['last', 'last token'],
] as const satisfies readonly (readonly [keyof HeadFigures, string])[]

function describe(figures: HeadFigures): string {
  const shares = COLUMNS.flatMap(([key, name]) => {
    const share = figures[key] ?? 0
    return share < 0.1 ? [] : `${name} ${Math.round(100 * share)} %`
  })
  return [`looks at ${formatSpread(figures)} tokens (entropy ${figures.entropy.toFixed(2)} bits)`, ...shares].join(', ')
}

function figuresTable({ layers, over }: AttentionStack): Markup {
  const columns = COLUMNS.filter(([key]) => over === 'itself' || key === 'first' || key === 'last')
  const percent = (share: number | undefined) => `${(100 * (share ?? 0)).toFixed(1)} %`
  return markup`<table class="numbers"><thead><tr><th>head</th><th>entropy, bits</th>${over === 'itself' && markup`<th>mean distance</th>`}${columns.map(([, name]) => markup`<th>${phrase(name)}</th>`)}</tr></thead>${layers.map(
    ({ layer, heads }) =>
      heads.map(
        ({ head, figures }) =>
          markup`<tr><td>layer ${layer}, head ${head}</td><td>${figures.entropy.toFixed(2)}</td>${over === 'itself' && markup`<td>${(figures.distance ?? 0).toFixed(1)}</td>`}${columns.map(([key]) => markup`<td>${percent(figures[key])}</td>`)}</tr>`,
      ),
  )}</table>`
}
