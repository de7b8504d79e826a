import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { unusedExports } from '../scripts/unused-exports.ts'
import { allKernels } from './all-kernels.ts'
import { unpack } from './embedded.ts'
import embedded from './generated/tfjs-simd.ts'

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))

const exportsOf = async (binary: Uint8Array<ArrayBuffer>) =>
  WebAssembly.Module.exports(await WebAssembly.compile(binary)).map(({ name }) => name)

it("tfjs's binary lacks the functions of kernels that never run, and no others", async () => {
  const whole = await exportsOf(new Uint8Array(await readFile(join(folder, 'dist/tfjs-backend-wasm-simd.wasm'))))
  const kept = new Set(await exportsOf(await unpack(embedded)))
  const unused = whole.filter((name) => !kept.has(name)).sort()
  expect(unused).toEqual(await unusedExports(allKernels, folder))
  expect(unused).toEqual(expect.arrayContaining(['Conv2D', '_FusedMatMul']))
})

it('a function stays for a kernel that sometimes runs, and for a kernel of tfjs that calls another', async () => {
  const unused = await unusedExports(allKernels, folder)
  expect(unused).toContain('Sigmoid')
  expect(unused).not.toContain('AddN') // addN checks its tensors and runs tfjs's kernel
  expect(unused).not.toContain('Softmax') // tfjs's Multinomial calls tfjs's Softmax, which ours replaces
  expect(await unusedExports([], folder)).toEqual([])
})
