import { Markup, markup } from '../report/markup.ts'
import { STYLE } from '../report/style.ts'

const UNITS_STYLE = `
.units { line-height: 1.9; } .units span { border-radius: 2px; }
.units .word { padding: 1px 3px; }
.scale { display: inline-block; width: 180px; height: 10px; border-radius: 5px; vertical-align: middle; margin: 0 8px;
  background: linear-gradient(90deg, rgb(37 99 201), transparent, rgb(214 48 49)); }
`

/** A page about the inside of a run, in the style of its report; it needs no network. */
export function insidePage(title: string, about: string, sections: readonly Markup[]): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Heddle</title><style>${new Markup(STYLE + UNITS_STYLE)}</style></head>
<body><main>
<header><h1>${title}</h1><p>${about}</p></header>
${sections}
</main></body></html>
`.text
}
