import { expect, it } from 'vitest'
import { attentionSvg } from './attention-svg.ts'

it('has a cell for each pair of tokens, the more opaque the larger its weight, with escaped names', () => {
  const svg = attentionSvg({ source: ['<eos>', 'b'], target: ['가'], weights: [[1, 0]] }).text
  expect(svg.match(/<rect/g)).toHaveLength(2)
  expect(svg).toContain('fill-opacity="1.000"><title>가 ← &lt;eos&gt;: 100.0 %</title>')
  expect(svg).toContain('fill-opacity="0.040"')
  expect(svg).not.toContain('<eos>')
})
