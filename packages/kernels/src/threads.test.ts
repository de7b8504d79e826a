import { describe, expect, it } from 'vitest'
import { runProgram } from './testing/run-program.ts'

describe('threads', () => {
  it('give the same results, bit for bit, whatever their number', async () => {
    const one = await runProgram('digest', '{"threads": 1, "exact": true}')
    const two = await runProgram('digest', '{"threads": 2, "exact": true}')
    const five = await runProgram('digest', '{"threads": 5, "exact": true}')
    expect(one.description).toMatchObject({ variant: 'simd', threads: 1, exact: true })
    expect([two.description.threads, five.description.threads]).toEqual([2, 5])
    expect(one.lines.length).toBeGreaterThan(30)
    expect(two.lines).toEqual(one.lines)
    expect(five.lines).toEqual(one.lines)
  })

  it('give the same exact results with and without revectorization', async () => {
    const off = await runProgram('digest', '{"threads": 1, "exact": true, "revectorize": "off"}')
    const on = await runProgram('digest', '{"threads": 2, "exact": true, "revectorize": "on"}')
    expect(off.description.revectorized).toBe(false)
    expect(on.lines).toEqual(off.lines)
  })

  it('stop the run with an error when a worker traps', async () => {
    const { lines } = await runProgram('crash', 'trap')
    expect(lines).toEqual([
      expect.stringMatching(/^backend: wasm: expected all worker threads to answer, .*unreachable/),
    ])
  })

  it('stop the run with an error when a worker ends', async () => {
    const { lines } = await runProgram('crash', 'exit')
    expect(lines).toEqual([expect.stringMatching(/^backend: wasm: expected all worker threads to answer, .*exited/)])
  })

  it('are not used, with the reason logged, where SharedArrayBuffer is missing', async () => {
    const { description, lines } = await runProgram('no-shared-memory')
    expect(description.threads).toBe(1)
    expect(lines).toEqual(['useWasm: 1 thread, because this engine has no SharedArrayBuffer.', '5'])
  })

  it('are not used, with the reason logged, in another runtime', async () => {
    const { description, lines } = await runProgram('other-runtime')
    expect(description.threads).toBe(1)
    expect(lines).toEqual([
      'useWasm: 1 thread, because Deno runs the kernels without threads; Node and browsers run them with threads.',
    ])
  })

  it('are not used, with the reason logged, where the backend was started without shared memory', async () => {
    const { description, lines } = await runProgram('started-before')
    expect(description.threads).toBe(1)
    expect(lines).toEqual([
      "useWasm: 1 thread, because tfjs's wasm backend was started before, without shared memory.",
      '5',
    ])
  })
})
