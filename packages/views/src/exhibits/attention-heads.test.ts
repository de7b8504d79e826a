import { createRegistry } from '@heddle/core'
import type { AttentionHeadsExhibit, AttentionStack } from '@heddle/inspect'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { exhibitLines, exhibitSections } from '../draw-exhibits.ts'
import { HEADS_SCRIPT } from '../heads/script.ts'
import { viewsPlugin } from '../plugin.ts'
import { LENS_SCRIPT } from './logit-lens-script.ts'

const registry = createRegistry([viewsPlugin])
const figures = { entropy: 1, first: 0.1, last: 0, distance: 1, previous: 0.83, itself: 0.1, next: 0 }

/** A stack of heads that look at the token before. */
function stackOf(T: number, numLayers: number, numHeads: number, name = '나'): AttentionStack {
  const tokens = Array.from({ length: T }, () => ({ text: name, gap: '' }))
  const weights = Array.from({ length: T }, (_, t) =>
    Array.from({ length: T }, (_, s) => (s === Math.max(0, t - 1) ? 1 : 0)),
  )
  const heads = Array.from({ length: numHeads }, (_, head) => ({ head, weights, figures }))
  return {
    name: 'Self-attention',
    over: 'itself',
    queries: tokens,
    keys: tokens,
    layers: Array.from({ length: numLayers }, (_, layer) => ({ layer, path: `layers.${layer}.attention`, heads })),
    summary: { kind: 'rollout', weights },
  }
}
const exhibit = (...stacks: AttentionStack[]): AttentionHeadsExhibit => ({
  kind: 'attention-heads',
  title: 'Heads',
  stacks,
})
const html = (...exhibits: AttentionHeadsExhibit[]) => exhibitSections(exhibits, registry)[0]!.text
const lines = (given: AttentionHeadsExhibit, columns: number) =>
  exhibitLines([given], registry, { colors: false, columns })

describe('attention heads in HTML', () => {
  it('have a button with a small map for each head and for all layers, and each token once', () => {
    const page = html(exhibit(stackOf(5, 2, 3)))
    expect(page.match(/<button type="button" class="head"/g)).toHaveLength(7)
    expect(page.match(/aria-pressed="true"/g)).toHaveLength(1)
    expect(page.match(/<span>나<\/span>/g)).toHaveLength(5)
    expect(page).toContain('lang="ko"')
    expect(page).toContain('<small>previous 83%</small>')
    expect(page).toContain(
      'title="Layer 1, head 2: looks at 2.0 tokens (entropy 1.00 bits), previous token 83 %, the token itself 10 %, first token 10 %"',
    )
  })

  it('need no network, and bring the script once for all stacks of a page', () => {
    const page = html(exhibit(stackOf(3, 1, 1), stackOf(4, 1, 2)), exhibit(stackOf(3, 1, 1)))
    expect(page.match(/<script>/g)).toHaveLength(1)
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]{0,30})/g)) expect(address).toMatch(/^data:image\/png/)
    expect(page).not.toMatch(/@import|url\(|fetch\(|https?:/)
  })

  it('show the one head that is asked for', () => {
    const page = html(exhibit(stackOf(3, 1, 1)))
    expect(page).toContain('<h3 class="head-title">Layer 0, head 0</h3>')
    expect(page).toMatch(/title="Layer 0, head 0[^"]*" aria-pressed="true"/)
  })

  it('label rows and columns while there is room', () => {
    expect(html(exhibit(stackOf(20, 1, 1))).match(/<text /g)).toHaveLength(40)
    expect(html(exhibit(stackOf(60, 1, 1)))).not.toContain('<text ')
  })

  it('stay small for long texts and many heads: weights in blocks', () => {
    const small = html(exhibit(stackOf(300, 2, 2)))
    expect(small).toContain('data-block="1"')
    expect(small).toMatch(/ data-map="data:image\/png/)
    const page = html(exhibit(stackOf(512, 6, 4)))
    expect(page).toContain('data-block="2"')
    expect(page).toContain('the largest weight among 2 × 2 tokens')
    expect(page.length).toBeLessThan(1_000_000)
  })

  it.each([
    ['heads', HEADS_SCRIPT],
    ['lens', LENS_SCRIPT],
  ])('has a script of %s that is one, and cannot end the element that holds it', (_, source) => {
    expect(() => new Function(source)).not.toThrow()
    expect(source).not.toContain('</')
  })
})

describe('attention heads in a terminal', () => {
  it('name the habit of each head, as many in a line as fit', () => {
    const shown = lines(exhibit(stackOf(3, 2, 3)), 100)
    expect(shown).toContain('  layer 1  previous 83% previous 83% previous 83%')
    const narrow = lines(exhibit(stackOf(3, 1, 3)), 40)
    expect(narrow.slice(2, 4)).toEqual(['  layer 0  previous 83% previous 83%', '           previous 83%'])
  })

  it.each([30, 60, 100])('keep within %i columns, whatever the length of the text', (columns) => {
    for (const T of [3, 40, 300]) {
      for (const line of lines(exhibit(stackOf(T, 2, 8, '그랬다')), columns).slice(2)) {
        expect(stringWidth(line), line).toBeLessThanOrEqual(columns)
      }
    }
  })
})
