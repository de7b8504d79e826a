/**
 * Writes the AssemblyScript source of the GEMM micro-kernels: every size is the same few lines, unrolled by hand because
 * AssemblyScript has no arrays of vectors that live in registers.
 *
 * tile{R}x{N}: C[R, N] = (from[R, N] +) A[R, K] B[K, N] (+ bias[N]). An element of A is `aRow` bytes behind the one above it and
 * `aStep` bytes behind the one before it; B is packed as [K][N]. `from` and `bias` are left out where they are 0.
 *
 * pitchedTile{R}x{N} reads B where it lies, for small matrices that are in the cache anyway: its rows are `bStep` bytes apart.
 */
export function tileSource(shapes: readonly Shape[], pitched: readonly Shape[]): string {
  return [
    "import { madd } from '../math/simd'",
    ...shapes.map((shape) => tile(shape, false)),
    ...pitched.map((shape) => tile(shape, true)),
  ].join('\n\n')
}

type Shape = readonly [rows: number, columns: number]

function tile([rows, columns]: Shape, pitched: boolean): string {
  const R = [...Array(rows).keys()]
  const V = [...Array(columns / 4).keys()]
  const each = (line: (r: number, v: number) => string) => R.flatMap((r) => V.map((v) => line(r, v))).join('\n')
  const rowsOf = (base: string, stride: string, indent: string) =>
    R.slice(1)
      .map((r) => `${indent}const ${rowName(base, r)} = ${rowName(base, r - 1)} + ${stride}`)
      .join('\n')
  return `
export function ${pitched ? 'pitchedTile' : 'tile'}${rows}x${columns}(k: i32, a: usize, aRow: usize, aStep: usize, b: usize${pitched ? ', bStep: usize' : ''}, from: usize, ldf: usize, bias: usize, c: usize, ldc: usize): void {
${rowsOf('a', 'aRow', '  ')}
  const end = <usize>k * aStep
${each((r, v) => `  let c${r}_${v} = f32x4.splat(0)`)}
  for (let i: usize = 0; i != end; i += aStep) {
${V.map((v) => `    const b${v} = v128.load(b, ${16 * v})`).join('\n')}
${R.map((r) => [`    const x${r} = v128.load32_splat(${rowName('a', r)} + i)`, ...V.map((v) => `    c${r}_${v} = madd(x${r}, b${v}, c${r}_${v})`)].join('\n')).join('\n')}
    b += ${pitched ? 'bStep' : 4 * columns}
  }
  if (from != 0) {
${rowsOf('from', 'ldf', '    ')}
${each((r, v) => `    c${r}_${v} = f32x4.add(v128.load(${rowName('from', r)}, ${16 * v}), c${r}_${v})`)}
  }
  if (bias != 0) {
${V.map((v) => `    const bias${v} = v128.load(bias, ${16 * v})`).join('\n')}
${each((r, v) => `    c${r}_${v} = f32x4.add(c${r}_${v}, bias${v})`)}
  }
${rowsOf('c', 'ldc', '  ')}
${each((r, v) => `  v128.store(${rowName('c', r)}, c${r}_${v}, ${16 * v})`)}
}`
}

const rowName = (base: string, row: number) => (row === 0 ? base : `${base}Row${row}`)
