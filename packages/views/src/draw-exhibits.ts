import type { Registry } from '@heddle/core'
import type { Exhibit } from '@heddle/tasks'
import { type ExhibitPicture, type ExhibitView, exhibitViewPoint, type TerminalOptions } from './exhibit-view.ts'
import { type Markup, markup } from './page/markup.ts'
import { visibleData } from './text/visible-text.ts'

/** Sections of a page that show the exhibits, a kind at a time. A kind without a view gets a note. */
export function exhibitSections(exhibits: readonly Exhibit[], registry: Registry): Markup[] {
  return byKind(exhibits).map(([kind, some]) => {
    const view = viewOf(kind, registry)
    if (view !== undefined) return view.html(some)
    return markup`<section class="note"><p>${noteOn(kind, some.length)}</p></section>`
  })
}

/** The same as lines of a terminal; long lists are shortened. Control characters of texts are made visible. */
export function exhibitLines(exhibits: readonly Exhibit[], registry: Registry, options: TerminalOptions): string[] {
  return byKind(visibleData(exhibits)).flatMap(([kind, some]) => {
    const view = viewOf(kind, registry)
    return view === undefined ? ['', noteOn(kind, some.length)] : view.terminal(some, options)
  })
}

/** An exhibit as a picture. */
export interface NamedPicture extends ExhibitPicture {
  /** Kind and number; it does not depend on the content. */
  readonly name: string
  readonly title: string
}

/** The pictures of the exhibits whose views draw some, at most `most` of each kind. */
export function exhibitPictures(exhibits: readonly Exhibit[], registry: Registry, most = 8): NamedPicture[] {
  return byKind(exhibits).flatMap(([kind, some]) => {
    const pictures = some.flatMap((exhibit) =>
      (viewOf(kind, registry)?.pictures?.(exhibit) ?? []).map((picture) => ({ ...picture, title: exhibit.title })),
    )
    return pictures.slice(0, most).map((picture, i) => ({ ...picture, name: `${kind}/${i + 1}` }))
  })
}

function byKind(exhibits: readonly Exhibit[]): [kind: string, exhibits: Exhibit[]][] {
  const groups = new Map<string, Exhibit[]>()
  for (const exhibit of exhibits) groups.set(exhibit.kind, [...(groups.get(exhibit.kind) ?? []), exhibit])
  return [...groups]
}

function viewOf(kind: string, registry: Registry): ExhibitView<Exhibit> | undefined {
  const isKnown = registry.list(exhibitViewPoint).some(({ name }) => name === kind)
  return isKnown ? registry.create(exhibitViewPoint, { type: kind }, undefined) : undefined
}

const noteOn = (kind: string, count: number) =>
  `Not drawn: ${count} ${count === 1 ? 'exhibit' : 'exhibits'} of the kind '${kind}', for which no plugin has a view.`
