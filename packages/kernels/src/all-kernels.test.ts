import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { kernelListSource } from '../scripts/kernel-list.ts'
import { allKernels } from './all-kernels.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

it('all-kernels.ts lists what src/fused and src/replacements export', async () => {
  expect(await readFile(`${folder}all-kernels.ts`, 'utf8')).toBe(await kernelListSource(folder))
})

it('no kernel stands twice in the list', () => {
  const names = allKernels.map(({ kernelName }) => kernelName)
  expect(names.length).toBeGreaterThan(90)
  expect(new Set(names).size).toBe(names.length)
})
