import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry } from '@heddle/core'
import { expect, it } from 'vitest'
import { viewsPlugin } from '../plugin.ts'
import type { ReportContent } from './report-content.ts'
import { reportHtml } from './report-html.ts'

/** Boxes of the report's parts as they were when the report was last looked at: [left, top, width, height] in pixels. */
type Boxes = Record<string, readonly (readonly number[])[]>
interface Look {
  readonly background: string
  readonly height: number
  readonly boxes: Boxes
}

const STORED = join(import.meta.dirname, 'report-layout.json')
const CHROMIUM = [
  process.env['HEDDLE_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path))

const looks = { light: ['light', 1180], dark: ['dark', 1180], phone: ['light', 390] } as const

const steps = Array.from({ length: 40 }, (_, i) => ({
  event: 'step',
  step: i + 1,
  loss: 4 / (i + 1),
  learningRate: 0.01,
  gradientNorm: 1,
}))
const sentence = '나는 오늘 학교에 가서 친구를 만났고 함께 영화를 보았다.'
const content: ReportContent = {
  title: 'translate, seed 1',
  data: 'built-in data',
  numParameters: 123_456,
  steps: 40,
  elapsedMs: 61_000,
  metrics: ['exactMatch', 'bleu', 'chrF', 'tokenAccuracy', 'other'].map((name) => ({
    name,
    summary: `the share of ${name}`,
    better: 'higher',
    percent: true,
  })),
  evaluation: {
    part: 'test',
    metrics: { exactMatch: 0.5, bleu: 0.25, chrF: 0.7, tokenAccuracy: 0.9, other: 0.1 },
    baseline: { exactMatch: 0.1 },
  },
  exhibits: [
    {
      kind: 'samples',
      title: 'Unseen examples',
      samples: Array.from({ length: 6 }, (_, i) => ({
        input: 'I went to school today.',
        output: sentence.slice(i),
        expected: sentence,
      })),
    },
    {
      kind: 'attention',
      title: 'x',
      source: ['나는', '학교에', '갔다', '.'],
      target: ['I', 'went', 'to', 'school', '.'],
      weights: Array.from({ length: 5 }, () => [0.1, 0.2, 0.3, 0.4]),
    },
  ] as unknown as ReportContent['exhibits'],
  log: {
    steps,
    validations: [10, 20, 30, 40].map((step) => ({
      event: 'validation',
      step,
      metrics: { loss: 5 / step, exactMatch: step / 80 },
    })),
    histograms: [],
    damagedLines: [],
  } as unknown as ReportContent['log'],
  settings: { training: { steps: 40, batchSize: 32, optimizer: { type: 'adamw', weightDecay: 0.1 } } },
  model: { type: 'recurrent-seq2seq', hiddenSize: 8 },
  files: ['config.json', 'model.safetensors'],
  environment: { backend: 'cpu' },
}

/** Lays the report out in frames of a width and a color scheme, and writes the boxes of its parts into the page. */
function measure(chromium: string): Record<keyof typeof looks, Look> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-layout-'))
  try {
    writeFileSync(join(folder, 'report.html'), reportHtml(content, createRegistry([viewsPlugin])))
    const frames = Object.entries(looks).map(
      ([name, [scheme, width]]) =>
        `<iframe id="${name}" src="report.html" style="color-scheme: ${scheme}; width: ${width}px; height: 900px; border: 0"></iframe>`,
    )
    const script = () => {
      const looks: Record<string, Look> = {}
      for (const frame of document.querySelectorAll('iframe')) {
        const { body, documentElement } = frame.contentDocument!
        const boxes: Record<string, number[][]> = {}
        for (const name of ['h1', 'h2', '.tile', 'svg', 'table', 'dl, .tree', 'footer'])
          boxes[name] = Array.from(body.querySelectorAll(name), (element) => {
            const { left, top, width, height } = element.getBoundingClientRect()
            return [left, top, width, height].map(Math.round)
          })
        const { backgroundColor } = frame.contentWindow!.getComputedStyle(body)
        looks[frame.id] = { background: backgroundColor, height: documentElement.scrollHeight, boxes }
      }
      document.body.textContent = `HEDDLE${JSON.stringify(looks)}HEDDLE`
    }
    writeFileSync(
      join(folder, 'frames.html'),
      `<!doctype html><body>${frames.join('')}<script>onload = ${script}</script></body>`,
    )
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--allow-file-access-from-files',
      `--user-data-dir=${folder}/profile`,
    ]
    const page = execFileSync(chromium, [...flags, '--dump-dom', `file://${folder}/frames.html`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 50_000,
    })
    return JSON.parse(page.split('HEDDLE')[1]!.replaceAll('&amp;', '&'))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (CHROMIUM === undefined)
  console.warn(
    'report-layout: SKIPPED, no Chromium found. Install one, or name it in HEDDLE_CHROMIUM, to check the layout of the report.',
  )

// Fonts differ between machines: a line more or less is no fault; a part that lies elsewhere is.
const near = (value: number, stored: number) => Math.abs(value - stored) <= 16 + 0.12 * Math.abs(stored)

it.skipIf(CHROMIUM === undefined)('the parts of a report lie where they lay, in light, in dark and on a phone', () => {
  const measured = measure(CHROMIUM!)
  if (process.env['HEDDLE_STORE_LAYOUT'] !== undefined) writeFileSync(STORED, `${JSON.stringify(measured)}\n`)
  const stored: typeof measured = JSON.parse(readFileSync(STORED, 'utf8'))
  for (const [name, [, width]] of Object.entries(looks)) {
    const [now, then] = [measured[name as keyof typeof looks], stored[name as keyof typeof looks]]
    expect(now.background, name).toBe(then.background)
    expect(near(now.height, then.height), `${name}: height ${now.height}, stored ${then.height}`).toBe(true)
    for (const [part, boxes] of Object.entries(then.boxes)) {
      expect(now.boxes[part]?.length, `${name}: number of ${part}`).toBe(boxes.length)
      for (const [i, box] of boxes.entries()) {
        const got = now.boxes[part]![i]!
        expect(
          got.every((value, k) => near(value, box[k]!)),
          `${name}: ${part} ${i} at ${got}, stored ${box}`,
        ).toBe(true)
        // Nothing sticks out of the page; wide tables and pictures scroll in a box of their own.
        if (['h1', 'h2', '.tile', 'footer'].includes(part))
          expect(got[0]! + got[2]!, `${name}: ${part} ${i}`).toBeLessThanOrEqual(width)
      }
    }
  }
  expect(measured.dark.background).not.toBe(measured.light.background)
  expect(measured.dark.boxes).toEqual(measured.light.boxes)
})
