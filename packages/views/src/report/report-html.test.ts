import { createRegistry } from '@heddle/core'
import type { AttentionExhibit, SamplesExhibit } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { viewsPlugin } from '../plugin.ts'
import type { ReportContent } from './report-content.ts'
import { reportHtml } from './report-html.ts'

const registry = createRegistry([viewsPlugin])
const samples: SamplesExhibit = {
  kind: 'samples',
  title: 'Unseen examples',
  samples: [
    { input: 'I sat.', output: '나는 앉았다.', expected: '나는 앉았다.' },
    { input: 'He sat.', output: '그는 섰다.', expected: '그는 앉았다.' },
  ],
}
const attention: AttentionExhibit = { kind: 'attention', title: 'x', source: ['a'], target: ['b'], weights: [[1]] }

const content: ReportContent = {
  title: 'translate, seed 1',
  data: 'built-in data',
  numParameters: 1234,
  steps: 1,
  elapsedMs: 61_000,
  metrics: [
    { name: 'exactMatch', summary: 'outputs that equal a reference', better: 'higher', percent: true },
    { name: 'perplexity', summary: 'uncertainty', better: 'lower' },
  ],
  evaluation: { part: 'test', metrics: { exactMatch: 0.5, perplexity: 20 }, baseline: { perplexity: 4.5678 } },
  exhibits: [samples, attention, attention],
  log: {
    steps: [{ event: 'step', step: 1, loss: 2, learningRate: 0.1, gradientNorm: 1 }],
    validations: [{ event: 'validation', step: 1, metrics: { loss: 2.5, exactMatch: 0.95 } }],
    histograms: [],
    damagedLines: [3],
  } as unknown as ReportContent['log'],
  settings: { training: { steps: 1 } },
  model: { type: 'recurrent-seq2seq', hiddenSize: 8 },
  files: ['config.json'],
  environment: { backend: 'cpu' },
}
const html = (changes: Partial<ReportContent> = {}) => reportHtml({ ...content, ...changes }, registry)

describe('reportHtml', () => {
  it('is a page that needs no network, with a card for each metric', () => {
    const page = html()
    expect(page).not.toMatch(/(src|href)=|@import|url\(|<script/)
    expect(page.match(/class="tile /g)).toHaveLength(2)
    expect(page).toContain('<b>50.0 %</b>')
    expect(page).toContain('baseline 4.6')
    expect(page).toContain('1 step in 1:01')
    expect(page).toContain('1 damaged line of log.jsonl left out: 3.')
  })

  it('draws runs of one step as dots', () => {
    expect(html().match(/<circle/g)).toHaveLength(5)
    expect(html()).not.toMatch(/NaN|Infinity/)
  })

  it('shows exhibits of one kind together, and a note on a kind without a view', () => {
    const page = html({ exhibits: [attention, { kind: 'acme/<x>', title: 't' }, attention] })
    expect(page.match(/<h2>Attention/g)).toHaveLength(1)
    expect(page.match(/<svg class="attention"/g)).toHaveLength(2)
    expect(page).toContain('1 exhibit of the kind &#39;acme/&lt;x&gt;&#39;, for which no plugin has a view')
  })

  it('marks the differences of samples, and the language of Korean', () => {
    const page = html()
    expect(page).toContain('<span lang="ko">나는 앉았다.</span>')
    expect(page).toContain('<span lang="ko">그는 <mark class="extra">섰다.</mark></span>')
    expect(page).toContain('<span lang="ko">그는 <mark class="missing">앉았다.</mark></span>')
    expect(page).toContain(':lang(ko) { word-break: keep-all; }')
  })

  it('escapes texts of strangers wherever they stand', () => {
    const evil = '<script>\x1b[2J\u202e'
    const page = html({
      title: evil,
      data: evil,
      files: [evil],
      environment: { [evil]: evil },
      settings: { [evil]: [evil] },
      exhibits: [
        { ...samples, title: evil, samples: [{ input: evil, output: evil, expected: `${evil}.` }] } as SamplesExhibit,
      ],
    })
    for (const hidden of ['<script', '\x1b', '\u202e']) expect(page).not.toContain(hidden)
    expect(page).toContain('&lt;script&gt;␛[2J‹U+202E›')
  })

  it('has no metrics when training was stopped', () => {
    expect(html({ evaluation: undefined })).not.toContain('class="tile')
  })
})
