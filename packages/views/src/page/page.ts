import { Markup, markup } from './markup.ts'
import { STYLE } from './style.ts'

export interface PageContent {
  readonly title: string
  /** A line below the title. */
  readonly about: string
  readonly body: readonly Markup[]
  readonly footer?: Markup | undefined
}

/** A page that needs no network. */
export function htmlPage({ title, about, body, footer }: PageContent): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Heddle</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><h1>${title}</h1><p>${about}</p></header>
${body}
${footer && markup`<footer>${footer}</footer>`}
</main></body></html>
`.text
}
