import type { RunLogContent } from '@heddle/trainer'
import { expect, it } from 'vitest'
import { histogramSection } from './histogram-section.ts'

const log = (count: number, modules: number) =>
  ({
    histograms: Array.from({ length: count }, (_, i) => ({
      step: 10 * (i + 1),
      weights: Object.fromEntries(
        Array.from({ length: modules }, (_, m) => [
          `<m${m}>`,
          { min: -2, max: 3, from: -1, to: 1 + i, counts: Array.from({ length: 30 }, (_, bar) => 1000 + bar) },
        ]),
      ),
      gradients: { '<m0>': { zeros: 5, from: -3.5, counts: [5, 10] } },
    })),
  }) as unknown as RunLogContent

it('draws a chart of weights and of gradients for each module, from the first step to the last', () => {
  const page = histogramSection(log(3, 2)).text
  expect(page.match(/aria-label="Weights of &lt;m\d&gt;"/g)).toHaveLength(2)
  expect(page.match(/aria-label="Gradients of/g)).toHaveLength(1)
  expect(page.match(/class="ridge f1/g)).toHaveLength(6)
  expect(page).toContain('<title>10: from -2 to 3</title>')
  expect(page).toContain('<title>30: from 1e-3.5 to 1e-2.5, 25.0 % are 0</title>')
  expect(page).toContain('>1e-3</text>')
  expect(page).not.toMatch(/NaN|Infinity|<m0>/)
})

it('shows eight steps of many, in a page of bounded size', () => {
  const page = histogramSection(log(60, 16)).text
  const steps = [...page.matchAll(/<title>(\d+): from -2/g)].slice(0, 8).map(([, step]) => Number(step))
  expect(steps).toEqual([10, 90, 180, 260, 350, 430, 520, 600])
  expect(page.match(/class="ridge f1/g)).toHaveLength(16 * 8)
  expect(page.length).toBeLessThan(100_000)
})

it('is left out without histograms, and draws weights that are all alike', () => {
  expect(histogramSection(log(0, 1)).text).toBe('')
  const alike = { step: 1, weights: { norm: { min: 1, max: 1, from: 1, to: 1, counts: [8] } }, gradients: {} }
  expect(histogramSection({ histograms: [alike] } as unknown as RunLogContent).text).not.toMatch(/NaN|Infinity/)
})
