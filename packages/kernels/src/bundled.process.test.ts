import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('useWasm runs, with threads, in a program that is bundled into one ESM file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-bundled-'))
  try {
    const outfile = join(folder, 'program.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL('./testing/bundled.ts', import.meta.url))],
      ...{ bundle: true, format: 'esm', platform: 'node', conditions: ['source'], outfile, logLevel: 'error' },
      // tfjs-core itself asks for `require`.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    })
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 50_000 })
    const [description, product] = stdout.trim().split('\n')
    expect(JSON.parse(description!)).toMatchObject({ threads: 2 })
    expect(product).toBe('5')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
