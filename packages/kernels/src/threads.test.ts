import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { WasmDescription } from './use-wasm.ts'

const run = promisify(execFile)

/** Runs a program under src/testing in a process of its own, which has to end by itself. */
async function program(name: string, argument: string): Promise<{ description: WasmDescription; lines: string[] }> {
  const file = fileURLToPath(new URL(`./testing/${name}.ts`, import.meta.url))
  const { stdout } = await run(process.execPath, ['--conditions=source', file, argument], { timeout: 50_000 })
  const [description, ...lines] = stdout.trim().split('\n')
  return { description: JSON.parse(description!) as WasmDescription, lines }
}

describe('threads', () => {
  it('give the same results, bit for bit, whatever their number', async () => {
    const one = await program('digest', '{"threads": 1, "exact": true}')
    const two = await program('digest', '{"threads": 2, "exact": true}')
    const five = await program('digest', '{"threads": 5, "exact": true}')
    expect(one.description).toMatchObject({ variant: 'simd', threads: 1, exact: true })
    expect([two.description.threads, five.description.threads]).toEqual([2, 5])
    expect(one.lines.length).toBeGreaterThan(30)
    expect(two.lines).toEqual(one.lines)
    expect(five.lines).toEqual(one.lines)
  })

  it('give the same exact results with and without revectorization', async () => {
    const off = await program('digest', '{"threads": 1, "exact": true, "revectorize": "off"}')
    const on = await program('digest', '{"threads": 2, "exact": true, "revectorize": "on"}')
    expect(off.description.revectorized).toBe(false)
    expect(on.lines).toEqual(off.lines)
  })

  it('stop the run with an error when a worker traps', async () => {
    const { lines } = await program('crash', 'trap')
    expect(lines).toEqual([
      expect.stringMatching(/^backend: wasm: expected all worker threads to answer, .*unreachable/),
    ])
  })

  it('stop the run with an error when a worker ends', async () => {
    const { lines } = await program('crash', 'exit')
    expect(lines).toEqual([expect.stringMatching(/^backend: wasm: expected all worker threads to answer, .*exited/)])
  })
})
