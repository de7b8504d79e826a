/**
 * Writes the AssemblyScript source of the GEMM micro-kernels: every size is the same few lines, unrolled by hand because
 * AssemblyScript has no arrays of vectors that live in registers.
 *
 * tile{R}x{N}: C[R, N] (+)= A[R, K] B[K, N], with A packed as [K][R] and B packed as [K][N].
 */
export function tileSource(shapes: readonly (readonly [rows: number, columns: number])[]): string {
  return ["import { madd } from '../math/simd'", ...shapes.map(([rows, columns]) => tile(rows, columns))].join('\n\n')
}

function tile(rows: number, columns: number): string {
  const vectors = columns / 4
  const R = [...Array(rows).keys()]
  const V = [...Array(vectors).keys()]
  const each = (line: (r: number, v: number) => string) => R.flatMap((r) => V.map((v) => line(r, v))).join('\n')
  return `
export function tile${rows}x${columns}(k: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
${each((r, v) => `  let c${r}_${v} = f32x4.splat(0)`)}
  for (let i = 0; i < k; i++) {
${V.map((v) => `    const b${v} = v128.load(b, ${16 * v})`).join('\n')}
${R.map((r) => [`    const a${r} = v128.load32_splat(a, ${4 * r})`, ...V.map((v) => `    c${r}_${v} = madd(a${r}, b${v}, c${r}_${v})`)].join('\n')).join('\n')}
    a += ${4 * rows}
    b += ${4 * columns}
  }
${R.slice(1)
  .map((r) => `  const row${r} = ${r === 1 ? 'c' : `row${r - 1}`} + ldc`)
  .join('\n')}
  if (accumulate) {
${each((r, v) => `    c${r}_${v} = f32x4.add(v128.load(${rowName(r)}, ${16 * v}), c${r}_${v})`)}
  }
${each((r, v) => `  v128.store(${rowName(r)}, c${r}_${v}, ${16 * v})`)}
}`
}

const rowName = (row: number) => (row === 0 ? 'c' : `row${row}`)
