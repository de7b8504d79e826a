import { createRegistry } from '@heddle/core'
import type { Exhibit } from '@heddle/tasks'
import { decode } from 'fast-png'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { exhibitLines, exhibitPictures, exhibitSections } from '../draw-exhibits.ts'
import { viewsPlugin } from '../plugin.ts'
import {
  ALL,
  attended,
  attention,
  attentionHeads,
  byLength,
  confusion,
  gradientFlow,
  labeledText,
  labelScores,
  mistakes,
  pictures,
  projection,
  samples,
  series,
  units,
  weightChanges,
} from '../test-support/exhibits.ts'

const registry = createRegistry([viewsPlugin])
const html = (exhibit: Exhibit) => exhibitSections([exhibit], registry)[0]!.text
const lines = (exhibit: Exhibit, colors = false, columns = 100) =>
  exhibitLines([exhibit], registry, { colors, columns })

describe('every kind of exhibit', () => {
  it('has a view, and every view an example here', () => {
    expect(ALL.map(({ kind }) => kind)).toEqual(viewsPlugin.contributes.map(({ definition }) => definition.name))
  })

  it.each(ALL.map((exhibit) => [exhibit.kind, exhibit] as const))(
    '%s: HTML is sections with escaped texts',
    (_, exhibit) => {
      const text = html(exhibit)
      expect(text).toMatch(/^<section/)
      expect(text).toMatch(/<\/section>\s*$/)
      expect(text).not.toMatch(/<i>␛|NaN|Infinity|undefined/)
      expect(text).not.toContain('\x1b')
      expect(text.match(/<section/g)).toHaveLength(text.match(/<\/section>/g)!.length)
    },
  )

  it.each(ALL.map((exhibit) => [exhibit.kind, exhibit] as const))(
    '%s: a terminal shows a heading and lines',
    (_, exhibit) => {
      const [empty, heading, ...rest] = lines(exhibit)
      expect(empty).toBe('')
      expect(heading).toMatch(/\S/)
      expect(rest.length).toBeGreaterThan(0)
      for (const line of rest) {
        expect(line).not.toMatch(/\p{Cc}|undefined|NaN/u)
        expect(stringWidth(line)).toBeLessThanOrEqual(100)
      }
      // Colors come from the view alone.
      expect(lines(exhibit, true).join('\n')).not.toContain('<i>\x1b[31m')
      expect(lines(exhibit, true)[1]).toContain('\x1b[1m')
    },
  )
})

describe('views in a terminal', () => {
  it('mark what differs in a sample', () => {
    expect(lines(samples).slice(2)).toEqual([
      '  <i>␛[31m',
      '  ≠ the old man  (expected: the old dog)',
      '  b',
      '  = c',
      '  d',
      '  e',
    ])
    expect(lines(samples, true)[3]).toContain('the old \x1b[31m\x1b[4mman')
  })

  it('name the most frequent mistakes', () => {
    expect(lines(confusion).slice(1)).toEqual(['Labels: most frequent mistakes', '  <i>␛[31m taken for b: 2'])
    expect(lines(labelScores).slice(2)).toEqual([
      '  label     precision   recall      F1  examples',
      '  <i>␛[31m     50.0 %  100.0 %  66.7 %     1,200',
      '  감정          0.0 %    0.0 %   0.0 %         0',
    ])
    const tuned = labelScores.scores.slice(0, 1).map((score) => ({ ...score, threshold: 0.271 }))
    expect(lines({ ...labelScores, scores: tuned } as Exhibit).slice(2)).toEqual([
      '  label     precision   recall      F1  examples  predicted from',
      '  <i>␛[31m     50.0 %  100.0 %  66.7 %     1,200            0.27',
    ])
    expect(lines({ ...confusion, counts: [[1, 0], [0, 1]] } as Exhibit).at(-1)).toBe('  no label is taken for another') // biome-ignore format: a matrix
  })

  it('show mistakes with what is around them, and their probabilities', () => {
    expect(lines(mistakes).slice(2)).toEqual([
      `  …${'x'.repeat(29)} [<i>␛[31m] sat`,
      '  ≠ b 90.0 %  (expected: <i>␛[31m, 0.010 %)',
      `  ${'y'.repeat(60)}…`,
      '  ≠ <i>␛[31m 60.0 %  (expected: a, 25.0 %)',
      '  (picture)',
      '  ≠ 8 50.0 %  (expected: 3, 25.0 %)',
    ])
    const page = html(mistakes)
    expect(page).toContain('<mark class="extra">&lt;i&gt;')
    expect(page).toContain('>9.21<')
    expect(page).toContain('<img alt="3"')
    expect(page).not.toContain('x'.repeat(170))
  })

  it('have pictures for tools that show no HTML', () => {
    const [matrix] = exhibitPictures([confusion, samples], registry)
    expect(matrix).toMatchObject({ name: 'confusion/1', title: 'Labels', width: 65, height: 65, channels: 3 })
    const { data, width } = decode(matrix!.png)
    const cell = (row: number, column: number) => {
      const at = 3 * ((32 * row + 5) * width + 32 * column + 5)
      return [...data.subarray(at, at + 3)]
    }
    // Shares of 80 % right, 20 % wrong, and a label without examples.
    expect([cell(0, 0), cell(0, 1), cell(1, 1)]).toEqual([[81, 130, 212], [245, 213, 214], [255, 255, 255]]) // biome-ignore format: a matrix
    expect(
      exhibitPictures(
        Array.from({ length: 20 }, () => attention),
        registry,
      ),
    ).toHaveLength(8)
  })

  it('have pictures of curves, strips, attended words and heads', () => {
    const pixelsOf = (exhibit: Exhibit) => {
      const [picture] = exhibitPictures([exhibit], registry)
      const { data, width, height } = decode(picture!.png)
      expect([picture!.width, picture!.height]).toEqual([width, height])
      return (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]
    }
    // The observed values rise from the lower left; the forecast ends at the top right, above them.
    const curve = pixelsOf(series)
    expect(curve(8, 111)).toEqual([37, 99, 201])
    expect(curve(311, 8)).toEqual([194, 94, 0])
    expect(curve(8, 8)).toEqual([255, 255, 255])
    const strip = pixelsOf(pictures)
    expect([strip(0, 0), strip(40, 0)]).toEqual([[0, 0, 0], [255, 255, 255]]) // biome-ignore format: pixels side by side
    // The picture itself, a gap, then the picture of the first word, which looks at all of it.
    const words = pixelsOf(attended)
    expect([words(0, 0), words(97, 0), words(100, 0)]).toEqual([[255, 0, 0], [255, 255, 255], [255, 0, 0]]) // biome-ignore format: pixels side by side
    // A cell of 0.75 and one of 0.25, tinted by their square roots.
    const heads = pixelsOf(attentionHeads)
    expect([heads(6, 6), heads(54, 6)]).toEqual([[66, 120, 208], [146, 177, 228]]) // biome-ignore format: two cells
  })

  it('show a wrong label with the right one', () => {
    expect(lines(labeledText).at(-1)).toBe('  <i>␛[31m/NOUN(VERB) sat/VERB')
    expect(lines(pictures).at(-1)).toBe('  <i>␛[31m(3)')
    const clip = [{ pixels: [0, 1], label: 'up', expected: 'up' }, ...Array(3).fill({ pixels: [1, 0], label: '' })]
    expect(lines({ ...pictures, strips: [clip] } as Exhibit).at(-1)).toBe('  up')
  })

  it('put a forecast below the values that came', () => {
    expect(lines(series).slice(2)).toEqual(['  observed ▁▃▅▆', '  forecast   ▅█'])
  })

  it('tell the accuracy at lengths of training from that at longer ones, and by length', () => {
    expect(lines({ ...byLength, unit: 'words' } as Exhibit).slice(2)).toEqual([
      '  1 to 2 words, as in training   85.0 %  █▇',
      '    1: 100 %  2: 80 %',
      '  5 words, longer                25.0 %  ▃',
      '    5: 25 %',
    ])
    expect(lines({ ...byLength, longestInTraining: 9 } as Exhibit)).toHaveLength(4)
  })

  it('draw the largest change as the longest bar', () => {
    const shown = lines(weightChanges).slice(2, 5)
    expect(shown.map((line) => line.match(/█/g)?.length ?? 0)).toEqual([30, 15, 30])
    expect(shown[2]).toContain('from zero')
  })

  it('place points by letters, the larger y higher', () => {
    const shown = lines(projection, false, 12).slice(2)
    expect(shown.slice(0, 16)).toEqual([`  ${' '.repeat(11)}b`, ...Array(14).fill('  '), '  a'])
    expect(shown).toContain('  b b')
  })

  it('show the caption without special tokens', () => {
    expect(lines(attended).at(-1)).toBe('  <i>␛[31m  (expected: a red dot)')
  })
})

describe('views in HTML', () => {
  it('color a cell of a confusion table by its share of the row, right and wrong apart', () => {
    expect(html(confusion)).toContain('<td class="right" style="--share:80%"')
    expect(html(confusion)).toContain('<td class="wrong" style="--share:20%"')
  })

  it('have a scale beside each heat map', () => {
    for (const exhibit of [attention, confusion, units]) expect(html(exhibit)).toContain('class="key-bar"')
  })

  it('color tokens by sign and size', () => {
    expect(html(units)).toContain('<span class="low" style="--share:100%" title="-1.00">a</span>')
    expect(html(units)).toContain('<span class="high" style="--share:100%" title="1.00">m</span>')
    expect(html(units)).toContain('no more than chance')
    expect(html(units)).toContain('tanh(c)')
  })

  it('have pictures within the page', () => {
    expect(html(pictures).match(/src="data:image\/png;base64,[\w+/=]+"/g)).toHaveLength(1)
    expect(html(attended).match(/src="data:image\/png;base64,[\w+/=]+"/g)).toHaveLength(3)
  })

  it('draw a chart for each group of curves', () => {
    expect(html(gradientFlow).match(/<svg/g)).toHaveLength(3)
  })
})
