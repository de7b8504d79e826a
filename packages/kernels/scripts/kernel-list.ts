import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDERS = ['fused', 'replacements']

// An exported constant that is declared as a kernel or a list of kernels, or made by defineKernel or guardKernel.
const KERNELS = /^export const (\w+)(?:: (WasmKernel|readonly WasmKernel\[\])| = (?:define|guard)Kernel\()/gm

/**
 * Writes src/all-kernels.ts: the exported constants of src/fused and src/replacements that are declared as `WasmKernel` or
 * `readonly WasmKernel[]`, or made by `defineKernel` or `guardKernel`.
 */
export async function kernelListSource(src: string): Promise<string> {
  const imports = ["import type { WasmKernel } from './define-kernel.ts'"]
  const items: string[] = []
  for (const folder of FOLDERS) {
    const files = (await readdir(join(src, folder))).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    for (const file of files.sort(byName)) {
      const text = await readFile(join(src, folder, file), 'utf8')
      const found = [...text.matchAll(KERNELS)].map(([, name, type]) => ({ name: name!, many: type?.endsWith('[]') }))
      if (found.length === 0) continue
      const names = found.map(({ name }) => name).sort()
      imports.push(`import { ${names.join(', ')} } from './${folder}/${file}'`)
      items.push(...found.map(({ name, many }) => (many ? `...${name}` : name)))
    }
  }
  return [
    '// Written by `pnpm generate` from the kernels that src/fused and src/replacements export.',
    ...imports,
    '',
    '/** Every kernel that `useWasm` puts in place. */',
    `export const allKernels: readonly WasmKernel[] = [\n${items.map((item) => `  ${item},\n`).join('')}]\n`,
  ].join('\n')
}

/** Without the extension: `conv2d` before `conv2d-backprop`. */
function byName(a: string, b: string): number {
  return a.slice(0, -3) < b.slice(0, -3) ? -1 : 1
}
