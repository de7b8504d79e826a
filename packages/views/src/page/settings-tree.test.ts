import { expect, it } from 'vitest'
import { settingsTree } from './settings-tree.ts'

const tree = (settings: Record<string, unknown>) => settingsTree(settings).text

it('indents nested settings below their names, and shows a part as its type', () => {
  expect(tree({ training: { steps: 12000, optimizer: { type: 'adamw', weightDecay: 0.01 } } })).toBe(
    '<dl class="tree"><div><dt>training</dt><dd></dd></div><dl>' +
      '<div><dt>steps</dt><dd>12,000</dd></div>' +
      '<div><dt>optimizer</dt><dd>adamw</dd></div><dl><div><dt>weightDecay</dt><dd>0.01</dd></div></dl>' +
      '</dl></dl>',
  )
})

it('leaves out values without an effect, and keeps zeros and false', () => {
  const text = tree({ schedule: null, column: undefined, more: {}, dropout: 0, tied: false })
  expect([...text.matchAll(/<dt>(\w+)<\/dt><dd>(\w+)/g)].map(([, key, value]) => [key, value])).toEqual([
    ['dropout', '0'],
    ['tied', 'false'],
  ])
})

it('writes lists in one line, and escapes strings of strangers', () => {
  const text = tree({ metrics: [{ type: 'chrf' }, { type: 'bleu', order: 2 }], name: '<b>\u202e' })
  expect(text).toContain('<dd>chrf, {&quot;type&quot;:&quot;bleu&quot;,&quot;order&quot;:2}</dd>')
  expect(text).toContain('<dd>&lt;b&gt;‹U+202E›</dd>')
})
