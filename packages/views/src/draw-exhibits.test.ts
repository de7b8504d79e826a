import { createRegistry, type Plugin } from '@heddle/core'
import type { Exhibit, SamplesExhibit } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { exhibitLines, exhibitSections } from './draw-exhibits.ts'
import { exhibitView } from './exhibit-view.ts'
import { markup } from './page/markup.ts'
import { viewsPlugin } from './plugin.ts'

interface Mood extends Exhibit {
  readonly kind: 'acme/mood'
  readonly mood: string
}

const acme: Plugin = {
  name: 'acme',
  contributes: [
    exhibitView<Mood>({
      name: 'acme/mood',
      summary: 'the mood of a model',
      html: (exhibits) => markup`<section>${exhibits.map(({ mood }) => markup`<p>${mood}</p>`)}</section>`,
      terminal: (exhibits, { columns }) => exhibits.map(({ mood }) => mood.slice(0, columns)),
    }),
  ],
}
const mood = (text: string): Mood => ({ kind: 'acme/mood', title: 'Mood', mood: text })
const samples: SamplesExhibit = { kind: 'samples', title: 'Samples', samples: [{ input: 'a', output: 'b' }] }
const plain = { colors: false, columns: 80 }

describe('exhibits', () => {
  it('of a kind that a plugin adds are drawn by its view, all together', () => {
    const registry = createRegistry([viewsPlugin, acme])
    const sections = exhibitSections([mood('calm'), samples, mood('<b>')], registry)
    expect(sections.map(({ text }) => text)[0]).toBe('<section><p>calm</p><p>&lt;b&gt;</p></section>')
    expect(sections).toHaveLength(2)
    expect(exhibitLines([mood('calm')], registry, { colors: false, columns: 2 })).toEqual(['ca'])
  })

  it('of a kind that nobody draws get a note', () => {
    const registry = createRegistry([viewsPlugin])
    const note = "Not drawn: 2 exhibits of the kind 'acme/mood', for which no plugin has a view."
    expect(exhibitLines([mood('a'), mood('b')], registry, plain)).toEqual(['', note])
    expect(exhibitSections([mood('a'), mood('b')], registry)[0]!.text).toContain('class="note"')
  })

  it('reach a view of a terminal with their control characters visible', () => {
    const registry = createRegistry([viewsPlugin, acme])
    expect(exhibitLines([mood('\x1b[31m\u202e')], registry, plain)).toEqual(['␛[31m‹U+202E›'])
  })
})
