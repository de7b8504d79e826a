import { type Markup, markup } from '../page/markup.ts'

/** A key to the colors of a heat map: from none to all of a row. */
export const scaleBar = (from = '0 %', to = '100 %'): Markup =>
  markup`<p class="key-bar"><span>${from}</span><i></i><span>${to}</span></p>`
