import { describe, expect, it } from 'vitest'
import { borderSource } from '../scripts/border-source.ts'
import { entrySource, jobIdsSource, jobsSource } from '../scripts/jobs-source.ts'
import { readAssembly } from '../scripts/read-assembly.ts'
import { Activation, argumentBytes, KernelExports, type RawExports } from './generated/exports.ts'

const scale = `
/** Factors of rows. */
@unmanaged
export class ScaleArguments {
  x: usize
  // Sizes.
  size0: i32
  size1: i32
  /** Factor of the result. */
  factor: f32
  bias: usize = 0
  /** @internal Rows of a part. */
  rowsPerPart: i32
}

export const enum Mode {
  PLAIN = 0,
  /** As in the paper. */
  FANCY = 3,
}

/** @entry Scales x. */
export function scale(p: ScaleArguments): void {
  parallelFor(SCALE_SOME_ROWS, changetype<usize>(p), p.size0, 1)
}

/** @entry Bytes that it needs. */
export function scaleBytes(rows: i32, twice: bool): usize {
  return 0
}

/** @job Rows of x. */
export function scaleSomeRows(p: ScaleArguments, begin: i32, end: i32): void {}
`
const read = (text: string) => readAssembly(new Map([['rows/scale', text]]))

describe('the border', () => {
  it('has each argument under its name, at the place where the struct keeps it', () => {
    const HEAP32 = new Int32Array(1024)
    const words = { HEAP32, HEAPF32: new Float32Array(HEAP32.buffer) }
    const calls: unknown[] = []
    const raw = new Proxy({}, { get: (_, name) => (address: number) => calls.push([name, address]) })
    const exports = new KernelExports(raw as RawExports, words, 64)
    exports.reduce({ outer: 5, inner: 7, length: 6, y: 4, x: 2 ** 32 - 16, scale: 0.5, operation: 1 })
    expect(calls).toEqual([['reduce', 64]])
    expect([...HEAP32.subarray(16, 22)]).toEqual([1, -16, 4, 5, 6, 7])
    expect(words.HEAPF32[22]).toBe(0.5)
  })

  it('clears arguments that are left out', () => {
    const HEAP32 = new Int32Array(1024).fill(-1)
    const words = { HEAP32, HEAPF32: new Float32Array(HEAP32.buffer) }
    const exports = new KernelExports({ pointwise: () => 0 } as unknown as RawExports, words, 0)
    exports.pointwise({ kind: 0, size: 1, x: 2, out: 3 })
    expect([...HEAP32.subarray(0, 6)]).toEqual([0, 1, 2, 3, 0, -1])
  })

  it('has room for the largest struct', () => {
    expect(argumentBytes).toBeGreaterThan(200)
    expect(argumentBytes % 4).toBe(0)
  })

  it('returns sizes and addresses above 2^31 as what they are', () => {
    const raw = { packedBBytes: () => -16 } as unknown as RawExports
    const words = { HEAP32: new Int32Array(0), HEAPF32: new Float32Array(0) }
    expect(new KernelExports(raw, words, 0).packedBBytes(1, 1)).toBe(2 ** 32 - 16)
  })

  it('has the same numbers as the assembly', () => {
    expect(Activation).toMatchObject({ LINEAR: 0, RELU: 1, ELU: 4 })
  })
})

describe('borderSource', () => {
  const source = borderSource(read(scale))

  it('writes an interface of named arguments, lists for numbered fields, nothing for internal ones', () => {
    expect(source).toContain(
      [
        '/** Factors of rows. */',
        'export interface ScaleArguments {',
        '  readonly x: number',
        '  readonly size: readonly number[]',
        '  /** Factor of the result. */',
        '  readonly factor: number',
        '  readonly bias?: number',
        '}',
      ].join('\n'),
    )
    expect(source).toContain('  integers[start + 2] = args.size[1]!\n  floats[start + 3] = args.factor\n')
    expect(source).toContain('ScaleArguments: { size: 2 }')
    expect(source).not.toContain('start + 5')
  })

  it('writes entries with the types of their parameters, and enumerations', () => {
    expect(source).toContain('  scale(args: ScaleArguments): void {')
    expect(source).toContain('  scaleBytes(rows: number, twice: boolean): number {')
    expect(source).toContain('export const Mode = { PLAIN: 0, FANCY: 3 } as const')
  })
})

describe('the assembly side', () => {
  it('gets its entries, job numbers and the switch over them from the same sources', () => {
    const assembly = read(scale)
    expect(entrySource(assembly)).toBe("export { scale, scaleBytes } from '../rows/scale'\n")
    expect(jobIdsSource(assembly)).toContain('export const SCALE_SOME_ROWS: i32 = 1\n')
    expect(jobsSource(assembly)).toContain('case 1: return scaleSomeRows(changetype<ScaleArguments>(args), begin, end)')
  })
})

describe('readAssembly', () => {
  it('refuses what the border cannot carry, and says where', () => {
    expect(() => read(scale.replace('x: usize', 'x: f64'))).toThrow(/rows\/scale: expected a field .* got "x: f64"/)
    expect(() => read(scale.replace('begin: i32, end: i32', 'begin: i32'))).toThrow(
      /expected scaleSomeRows\(struct, begin: i32, end: i32\): void/,
    )
    expect(() => read(scale.replace('scaleBytes(rows: i32', 'scaleBytes(rows: ScaleArguments'))).toThrow(
      /expected scaleBytes to take one struct, or numbers/,
    )
    expect(() => read(scale.replace('FANCY = 3,', 'FANCY,'))).toThrow(/expected "NAME = number,", got "FANCY,"/)
    expect(() => read(scale.replace('export function scale(', 'function scale('))).toThrow(
      /expected an exported function behind @entry/,
    )
  })

  it('refuses one name for two things', () => {
    const files = new Map([
      ['a', scale],
      ['b', scale],
    ])
    expect(() => readAssembly(files)).toThrow(/expected one ScaleArguments, got two/)
  })
})
