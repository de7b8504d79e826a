import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run as runCustomModel } from './01-custom-model/main.ts'
import { run as runTranslation } from './02-translation-recipe/main.ts'
import { run as runBrackets } from './03-recipe-of-your-own/main.ts'

describe('examples', () => {
  it('01 trains a model of its own to name the marked digit', async () => {
    const lines: string[] = []
    const accuracy = await runCustomModel({ steps: 120, log: (line) => lines.push(line) })
    // One in ten would be chance.
    expect(accuracy).toBeGreaterThan(0.9)
    expect(lines.some((line) => line.startsWith('gru: GRU'))).toBe(true)
  })

  it('02 trains, keeps and uses a translation run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heddle-example-'))
    try {
      const settings = {
        data: { count: 300, validation: 20, test: 20 },
        model: { hiddenSize: 32, embeddingSize: 16 },
        training: { steps: 6, evaluateEvery: 3 },
      }
      const lines: string[] = []
      const translations = await runTranslation({ folder, settings, log: (line) => lines.push(line) })
      expect(translations).toHaveLength(2)
      expect(lines).toHaveLength(6)
      expect(await readdir(folder)).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('03 trains a recipe of its own, far better than counting brackets', async () => {
    const settings = { data: { count: 3000 }, training: { steps: 150, evaluateEvery: 150 } }
    const lines: string[] = []
    const { accuracy, baseline } = await runBrackets({ settings, log: (line) => lines.push(line) })
    expect(accuracy).toBeGreaterThan(0.85)
    expect(baseline).toBeLessThan(0.7)
    expect(lines).toHaveLength(4)
  })
})
