import { describe, expect, it } from 'vitest'
import { unpack } from './embedded.ts'
import { withSharedMemory } from './shared-memory.ts'

// A module that defines (memory 1 2) and one that imports (memory "e" "m" 1 2) behind an imported function.
const defining = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 1, 1, 2])
const importing = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 14, 2, 1, 0x65, 1, 0x66, 0, 0, 1, 0x65, 1, 0x6d, 2, 1, 1, 2],
])

describe('withSharedMemory', () => {
  it('shares a memory that the module defines', () => {
    const shared = withSharedMemory(defining)
    expect([...shared.slice(-3)]).toEqual([3, 1, 2])
    expect(WebAssembly.validate(shared)).toBe(true)
    expect(defining.at(-3)).toBe(1)
  })

  it('shares a memory that the module imports', () => {
    importing[15] = importing.length - 16
    const module = new WebAssembly.Module(withSharedMemory(importing))
    const imports = (shared: boolean) => ({
      e: { f: () => {}, m: new WebAssembly.Memory({ initial: 1, maximum: 2, shared }) },
    })
    expect(() => new WebAssembly.Instance(module, imports(true))).not.toThrow()
    expect(() => new WebAssembly.Instance(module, imports(false))).toThrow(WebAssembly.LinkError)
  })

  it('gives the binary of tfjs a memory that is shared', async () => {
    const binary = await unpack((await import('./generated/tfjs-simd.ts')).default)
    const nothing = new Proxy({}, { get: () => () => 0 })
    const { instance } = await WebAssembly.instantiate(withSharedMemory(binary), {
      env: nothing,
      wasi_snapshot_preview1: nothing,
    })
    expect((instance.exports['memory'] as WebAssembly.Memory).buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('refuses a module without a memory of known maximum', () => {
    expect(() => withSharedMemory(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))).toThrow(
      /one memory that has a maximum/,
    )
    expect(() => withSharedMemory(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1]))).toThrow(/maximum/)
  })
})
