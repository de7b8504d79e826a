import { describe, expect, it } from 'vitest'
import { attentionSvg } from './exhibits/attention-svg.ts'
import { lineChart, thinned } from './line-chart.ts'
import { Markup, markup } from './markup.ts'

describe('markup', () => {
  it('escapes what is put in, but not other markup', () => {
    const evil = '<img src=x onerror="alert(\'1\')">&'
    expect(markup`<p title="${evil}">${evil}${new Markup('<b>')}</p>`.text).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b></p>',
    )
  })

  it('joins lists and leaves out what is undefined or false', () => {
    expect(markup`${['a', markup`<i>${1}</i>`, undefined, false, 0]}`.text).toBe('a<i>1</i>0')
  })
})

describe('lineChart', () => {
  const chart = (points: [number, number][], logY = false) =>
    lineChart({ title: 'Loss', xLabel: 'step', series: [{ name: 'training', color: 1, points }], logY }).text

  it('draws a path through the points, falling where the values fall', () => {
    const path = /<path class="line s1" d="([^"]+)"/.exec(
      chart([
        [1, 4],
        [2, 2],
        [3, 1],
      ]),
    )![1]!
    const ys = [...path.matchAll(/[ML][\d.]+,([\d.]+)/g)].map((match) => Number(match[1]))
    expect(ys).toHaveLength(3)
    // Down on the screen is a larger y.
    expect(ys[0]).toBeLessThan(ys[1]!)
    expect(ys[1]).toBeLessThan(ys[2]!)
  })

  it('leaves gaps for values that it cannot draw', () => {
    expect(
      chart([
        [1, 1],
        [2, Number.NaN],
        [3, 2],
      ]),
    ).not.toContain('NaN')
    expect(
      chart(
        [
          [1, 1],
          [2, 0],
          [3, 0.01],
        ],
        true,
      ),
    ).not.toMatch(/NaN|Infinity/)
    expect(chart([])).toBe('')
    expect(chart([[1, 0]])).not.toContain('NaN')
  })

  it('tells the value under the pointer', () => {
    expect(
      chart([
        [1, 4],
        [200, 2],
      ]),
    ).toContain('<title>training 4 (step 1)</title>')
  })

  it('thins a long line to means that keep its last step', () => {
    const points = Array.from({ length: 1001 }, (_, i) => [i, i % 2] as const)
    const thin = thinned(points, 100)
    expect(thin.length).toBeLessThanOrEqual(100)
    expect(thin.at(-1)![0]).toBe(1000)
    expect(thin[0]![1]).toBeCloseTo(0.5, 1)
  })
})

describe('attentionSvg', () => {
  it('has a cell for each pair of tokens, as opaque as its weight, with escaped names', () => {
    const svg = attentionSvg({ source: ['<eos>', 'b'], target: ['가'], weights: [[1, 0]] }).text
    expect(svg.match(/<rect/g)).toHaveLength(2)
    expect(svg).toContain('fill-opacity="1.000"><title>가 ← &lt;eos&gt;: 100.0 %</title>')
    expect(svg).toContain('fill-opacity="0.040"')
    expect(svg).not.toContain('<eos>')
  })
})
