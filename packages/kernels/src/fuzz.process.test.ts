import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

// Longer on demand: HEDDLE_FUZZ_SECONDS=3600 HEDDLE_FUZZ_SEED=7 vitest run --project process packages/kernels/src/fuzz
const seconds = Number(process.env['HEDDLE_FUZZ_SECONDS'] ?? 15)
const seed = process.env['HEDDLE_FUZZ_SEED'] ?? '1'
const program = fileURLToPath(new URL('./testing/fuzz/fuzz.ts', import.meta.url))

async function fuzz(threads: number): Promise<string> {
  const options = ['--seconds', String(seconds), '--seed', seed, '--threads', String(threads)]
  const run = promisify(execFile)(process.execPath, ['--conditions=source', program, ...options], {
    maxBuffer: 2 ** 26,
  })
  const { stdout } = await run.catch((error: { stdout?: string; message: string }) => ({
    stdout: error.stdout ?? `fault: ${error.message}`,
  }))
  return stdout
}

it('random calls of every kernel stay within their memory and agree with the cpu backend, on plain and on shared memory', {
  timeout: 1000 * seconds + 60_000,
}, async () => {
  const outputs = await Promise.all([fuzz(1), fuzz(2)])
  for (const output of outputs) {
    const calls = /^(\d+) calls of (\d+) kernels: .*$/m.exec(output)
    console.log(calls?.[0] ?? output)
    expect(output.split('\n').filter((line) => line.startsWith('fault'))).toEqual([])
    expect(Number(calls?.[1])).toBeGreaterThan(500)
    expect(Number(calls?.[2])).toBeGreaterThan(170)
  }
})
