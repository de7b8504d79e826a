import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heddle, lastLine, set, startHeddle } from '../test-support/heddle.ts'

const PLUGIN = join(import.meta.dirname, '../../../../examples/plugin-minimal-gated-cell')
const CHAR_LM = set({
  'data.count': 3000,
  hiddenSize: 12,
  embeddingSize: 6,
  numLayers: 1,
  windowLength: 16,
  batchSize: 4,
  evaluateEvery: 4,
  sampleLength: 20,
})
const CPU = ['--backend', 'cpu']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-train-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('heddle train char-lm', () => {
  it('stops at an interrupt with a checkpoint, and resumes, also after it was killed, to what it would have been', async () => {
    const args = ['train', 'char-lm', ...CHAR_LM, '--set', 'steps=30', ...CPU]
    const { process: child, finished } = startHeddle(folder, ...args, '--out', 'stopped', '--tensorboard')
    child.stdout!.on('data', (text: string) => {
      if (text.includes('step 1/30')) child.kill('SIGINT')
    })
    const stopped = await finished
    expect(stopped.code).toBe(130)
    expect(stopped.stdout).toMatch(/Stopped after step \d+\. Resume with: heddle train --resume stopped/)
    const killed = startHeddle(folder, 'train', '--resume', 'stopped', ...CPU)
    killed.process.stdout!.on('data', (text: string) => {
      if (text.includes('step 15/30')) killed.process.kill('SIGKILL')
    })
    expect((await killed.finished).code).toBe(null)
    const resumed = await heddle(folder, 'train', '--resume', 'stopped', '--json', ...CPU)
    const whole = await heddle(folder, ...args, '--out', 'whole', '--tensorboard', '--json')
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(lastLine(resumed.stdout).metrics).toEqual(lastLine(whole.stdout).metrics)
    const weights = (run: string) => readFile(join(folder, run, 'model.safetensors'))
    expect(await weights('stopped')).toEqual(await weights('whole'))
    const log = (await readFile(join(folder, 'stopped', 'log.jsonl'), 'utf8')).trimEnd().split('\n')
    const steps = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'step')
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    // Each of the three processes wrote a file for TensorBoard; together they have the settings and each step once.
    const files = (await readdir(join(folder, 'stopped'))).filter((name) => name.includes('tfevents'))
    const events = await Promise.all(files.map((name) => readFile(join(folder, 'stopped', name), 'latin1')))
    expect(files).toHaveLength(3)
    expect(events.join('').match(/training\/loss/g)).toHaveLength(30)
    expect(events.join('').match(/config/g)).toHaveLength(1)
    // A sample at the end, and one at each validation, also in the folder that was stopped and killed.
    const samples = (text: string) => text.match(/(validation|test)\/text/g)
    const ofWhole = (await readdir(join(folder, 'whole'))).filter((name) => name.includes('tfevents'))
    const wholeEvents = await readFile(join(folder, 'whole', ofWhole[0]!), 'latin1')
    expect(samples(events.sort().join(''))).toEqual(samples(wholeEvents))
    expect(samples(wholeEvents)!.filter((tag) => tag === 'validation/text').length).toBeGreaterThan(1)
    expect(events.join('')).toContain('Generated')
  })

  it('is compared with other runs, each with what differs from the one before', async () => {
    await cp(join(folder, 'whole'), join(folder, 'wider'), { recursive: true })
    const config = await readFile(join(folder, 'wider/config.json'), 'utf8')
    await writeFile(join(folder, 'wider/config.json'), config.replaceAll('"hiddenSize": 12', '"hiddenSize": 24'))
    const compared = await heddle(folder, 'compare', 'whole', 'stopped', 'wider', '--json')
    expect(compared.code, compared.stderr).toBe(0)
    const { page, runs } = lastLine(compared.stdout) as { page: string; runs: { differs: string; metrics: object }[] }
    expect(runs.map(({ differs }) => differs)).toEqual(['first run', 'same settings', 'model.hiddenSize 24'])
    expect(runs[1]!.metrics).toEqual(runs[0]!.metrics)
    expect(compared.stderr).toMatch(/^run +.*perplexity/m)
    const html = await readFile(join(folder, page), 'utf8')
    expect(html).toContain('aria-label="Training loss"')
    for (const name of ['whole', 'stopped', 'wider', 'model.hiddenSize 24']) expect(html).toContain(name)
  })

  it("trains with a third party's cell, and says later which plugin is missing", async () => {
    const plugin = ['--plugin', PLUGIN]
    const args = [...CHAR_LM, '--set', 'steps=3', '--set', 'cell=acme/mgu', '--out', 'mgu', ...CPU]
    const trained = await heddle(folder, 'train', 'char-lm', ...plugin, ...args)
    expect(trained.code, trained.stderr).toBe(0)
    const inspected = await heddle(folder, 'inspect', 'model', 'mgu', ...plugin, ...CPU)
    expect(inspected.stdout).toContain("@acme/heddle-minimal-gated-cell 1.0.0: cell 'acme/mgu'")
    const generated = await heddle(folder, 'generate', 'mgu', '--prompt', 'The', '--length', '9', ...plugin, ...CPU)
    expect(generated.stdout).toMatch(/^The[\s\S]{9}\n$/)
    const without = await heddle(folder, 'generate', 'mgu', '--prompt', 'The', ...CPU)
    expect(without.code).toBe(2)
    expect(without.stderr).toContain("cell 'acme/mgu', provided by plugin '@acme/heddle-minimal-gated-cell' 1.0.0")
  })

  it('loads a plugin from an installed package', async () => {
    const home = join(folder, 'node_modules/acme-recipes')
    await mkdir(home, { recursive: true })
    await writeFile(
      join(home, 'package.json'),
      JSON.stringify({ name: 'acme-recipes', type: 'module', exports: { '.': { import: './main.js' } } }),
    )
    await writeFile(join(home, 'main.js'), "export default { name: 'acme-recipes', contributes: [] }")
    const { code, stdout } = await heddle(folder, 'list', '--plugin', 'acme-recipes')
    expect(code).toBe(0)
    expect(stdout).toContain('translate')
  })
})
