import { createRegistry } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { stdPlugins } from '@heddle/std'
import { exportRun, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { type FineTuned, fineTune, STEPS } from './fine-tune.ts'
import { installedChromium, runInChromium } from './run-in-chromium.ts'

interface Report {
  readonly error?: string
  readonly threads: number
  readonly runs: readonly FineTuned[]
  readonly ticks: number
  readonly longestGap: number
}

/** A small BERT with a tokenizer for reviews, as a folder of transformers. */
async function pretrained(): Promise<ReadonlyMap<string, Uint8Array>> {
  const registry = createRegistry(stdPlugins)
  const store = new MemoryStore()
  const recipe = {
    type: 'bert-classify',
    data: { count: 300, validation: 2, test: 2 },
    model: { encoder: { numLayers: 2, hiddenSize: 128, numHeads: 2 } },
    tokenizer: { vocabSize: 300 },
    training: { steps: 1, evaluateEvery: 1, batchSize: 2 },
  }
  const { task } = await trainRun({ registry, store, recipe })
  task.dispose()
  return exportRun({ store, registry })
}

/** The page and its worker as modules by path. */
async function bundles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: ['fine-tune-page', 'fine-tune-worker'].map((name) => `${import.meta.dirname}/${name}.ts`),
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'browser', target: 'es2022', conditions: ['source'] },
    ...{ outdir: '/', write: false, logLevel: 'error' },
  })
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]))
}

if (installedChromium === undefined)
  console.warn(
    'fine-tune: SKIPPED, no Chromium found. Install one, or name it in HEDDLE_CHROMIUM, to train in a browser.',
  )

it.skipIf(installedChromium === undefined)(
  'fine-tuning a BERT in the worker of a page gives the losses of Node, leaves the page free, and gives its memory back',
  async () => {
    await useWasm({ threads: 2, exact: true })
    const [model, scripts] = await Promise.all([pretrained(), bundles()])
    const inNode = await fineTune({ read: async (path) => model.get(path) })

    const page = '<!doctype html><script type="module" src="/fine-tune-page.js"></script>'
    const report = (await runInChromium(installedChromium!, '/page.html', (path) =>
      path === '/page.html' ? page : (scripts.get(path) ?? model.get(path.replace('/model/', ''))),
    )) as Report
    expect(report.error).toBeUndefined()
    const { threads, runs, ticks, longestGap } = report
    const [first, second] = runs as [FineTuned, FineTuned]

    expect(threads).toBe(2)
    expect(inNode.losses).toHaveLength(STEPS)
    const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    expect(mean(inNode.losses.slice(-5))).toBeLessThan(mean(inNode.losses.slice(0, 5)))
    expect(first.losses).toEqual(inNode.losses)
    expect(second.losses).toEqual(inNode.losses)

    // On a page that trains by itself, the timer would be held up for the whole of each step.
    const step = (first.milliseconds + second.milliseconds) / (2 * STEPS)
    expect(ticks).toBeGreaterThan(3 * STEPS)
    expect(longestGap).toBeLessThan(10 * step)

    expect(second.tensors).toBe(first.tensors)
    expect(second.wasmBytes).toBe(first.wasmBytes)
  },
)
