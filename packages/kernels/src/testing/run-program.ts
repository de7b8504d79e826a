import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { WasmDescription } from '../use-wasm.ts'

const programs = {
  digest: new URL('./digest.ts', import.meta.url),
  'op-digest': new URL('./op-digest.ts', import.meta.url),
  crash: new URL('./crash.ts', import.meta.url),
  'started-before': new URL('./started-before.ts', import.meta.url),
  'no-shared-memory': new URL('./no-shared-memory.ts', import.meta.url),
  'other-runtime': new URL('./other-runtime.ts', import.meta.url),
  exhaustion: new URL('./exhaustion.ts', import.meta.url),
}

/**
 * Runs a program of this folder in a process of its own, which has to end by itself.
 *
 * @returns what useWasm said in it, and the lines that it printed after that
 */
export async function runProgram(
  name: keyof typeof programs,
  ...args: string[]
): Promise<{ description: WasmDescription; lines: string[] }> {
  const file = fileURLToPath(programs[name])
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', file, ...args], {
    timeout: 50_000,
  })
  const [description, ...lines] = stdout.trim().split('\n')
  return { description: JSON.parse(description!) as WasmDescription, lines }
}
