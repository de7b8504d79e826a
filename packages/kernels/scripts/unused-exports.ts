import '@tensorflow/tfjs-backend-wasm'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getKernelsForBackend, type KernelConfig } from '@tensorflow/tfjs-core'
import type { WasmKernel } from '../src/define-kernel.ts'

/**
 * Functions of tfjs's binary that nothing calls once our kernels stand in place of tfjs's.
 *
 * A function stays if a kernel asks for it that we do not replace, that ours still runs, or that another kernel of tfjs calls
 * directly. Asking tfjs's kernels leaves them without a backend, so this needs a process of its own.
 *
 * @param kernels ours
 * @param folder of @tensorflow/tfjs-backend-wasm
 */
export async function unusedExports(kernels: readonly WasmKernel[], folder: string): Promise<string[]> {
  const stopped = new Set(kernels.filter(({ usesStock }) => !usesStock).map(({ kernelName }) => kernelName))
  const calledDirectly = await importedKernels(join(folder, 'dist/kernels'))
  const [used, all] = [new Set<string>(), new Set<string>()]
  for (const kernel of getKernelsForBackend('wasm')) {
    const stays = !stopped.has(kernel.kernelName) || calledDirectly.has(kernel.kernelName)
    for (const name of functionsOf(kernel)) {
      all.add(name)
      if (stays) used.add(name)
    }
  }
  return [...all].filter((name) => !used.has(name)).sort()
}

/** Functions that a kernel of tfjs asks for when its backend starts. */
function functionsOf({ setupFunc }: KernelConfig): string[] {
  const names: string[] = []
  const wasm = { cwrap: (name: string) => names.push(name) }
  setupFunc?.({ wasm } as unknown as Parameters<NonNullable<typeof setupFunc>>[0])
  return names
}

/** Kernels whose files are imported by those of others; each lies in a file of its name. */
async function importedKernels(folder: string): Promise<Set<string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js'))
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return new Set(sources.flatMap((source) => [...source.matchAll(/from '\.\/(\w+)'/g)].map(([, name]) => name!)))
}
