// One step of Muon for many matrices, in place. A matrix is the work of one thread and stays in its cache, so that results do not
// depend on the number of threads.
//
//   m ← μ m + (1 - μ) g,  w ← decay w - rate orthogonal((1 - μ) g + μ m)

import { MUON_MATRICES } from '../generated/job-ids'
import { loadLanes, storeLanes } from '../memory/lanes'
import { madd, nmadd, sumLanes } from '../math/simd'
import { parallelFor, threadCount } from '../threads/threads'
import { matrixBytes, orthogonalize, paddedSide, pitchOf, squareBytes, transpose } from './orthogonal'

@unmanaged
export class MuonArguments {
  count: i32
  /** The `MuonEntry`s. */
  entries: usize
  /** Memory for the parts of the parallel loop, `scratchFloats` floats each. */
  scratch: usize
  scratchFloats: i32
  parts: i32
  /** Iterations that make a matrix orthogonal. */
  steps: i32
  momentum: f32
  /** Factor of the gradients. */
  scale: f32
}

/** One matrix. */
@unmanaged
export class MuonEntry {
  rows: i32
  columns: i32
  gradient: usize
  value: usize
  /** The mean of gradients. */
  m: usize
  rate: f32
  decay: f32
}

// @ts-ignore: decorator
@inline const ENTRY_BYTES: usize = 28
// @ts-ignore: decorator
@inline const LEAST_NORM: f32 = 1e-7

/** @entry Floats of scratch that a matrix needs. */
export function muonScratch(rows: i32, columns: i32): i32 {
  const bytes: usize = matrixBytes(rows, columns) * 2 + squareBytes(rows, columns)
  return <i32>(bytes >> 2)
}

/** @entry Number of parts of the work, each of which needs scratch memory. */
export function muonParts(count: i32): i32 {
  return max(1, min(count, threadCount == 1 ? 1 : 4 * threadCount))
}

/** @entry */
export function muonStep(p: MuonArguments): void {
  parallelFor(MUON_MATRICES, changetype<usize>(p), p.parts, 1)
}

/** @job Parts of the matrices. */
export function muonMatrices(p: MuonArguments, begin: i32, end: i32): void {
  const scratch = p.scratch + ((<usize>begin * <usize>p.scratchFloats) << 2)
  const last = (p.count * end) / p.parts
  for (let i = (p.count * begin) / p.parts; i < last; i++) {
    updateMatrix(p, changetype<MuonEntry>(p.entries + <usize>i * ENTRY_BYTES), scratch)
  }
}

function updateMatrix(p: MuonArguments, entry: MuonEntry, scratch: usize): void {
  const R = entry.rows
  const C = entry.columns
  const isTall = R >= C
  const long = max(R, C)
  const small = min(R, C)
  const bytes = matrixBytes(R, C)
  const upright = scratch
  const flat = upright + bytes
  const squares = flat + bytes
  const uprightPitch = pitchOf(small)
  const flatPitch = pitchOf(long)
  // As it lies in the parameter, and the other way.
  const own = isTall ? upright : flat
  const ownPitch = isTall ? uprightPitch : flatPitch
  const other = isTall ? flat : upright
  const otherPitch = isTall ? flatPitch : uprightPitch
  const rows = paddedSide(R)
  const columns = paddedSide(C)
  const norm = sqrt<f32>(average(p, entry, own, ownPitch))
  scaleMatrix(R, columns, own, ownPitch, <f32>1 / max(norm, LEAST_NORM))
  memory.fill(own + <usize>R * ownPitch, 0, <usize>(rows - R) * ownPitch)
  transpose(rows, columns, own, ownPitch, other, otherPitch)
  orthogonalize(long, small, p.steps, upright, flat, squares, isTall)
  const rate = f32x4.splat(entry.rate)
  const decay = f32x4.splat(entry.decay)
  for (let i = 0; i < R; i++) {
    const from = upright + <usize>i * ownPitch
    const to = entry.value + (<usize>(i * C) << 2)
    for (let j = 0; j < C; j += 4) {
      const at = <usize>j << 2
      const kept = f32x4.mul(loadLanes(to + at, C - j), decay)
      storeLanes(to + at, nmadd(v128.load(from + at), rate, kept), C - j)
    }
  }
}

/** Brings the mean of gradients up to date and writes what is to be orthogonal, with zeros behind each row; the sum of its squares. */
function average(p: MuonArguments, entry: MuonEntry, to: usize, pitch: usize): f32 {
  const C = entry.columns
  const padded = paddedSide(C)
  const momentum = f32x4.splat(p.momentum)
  const scale = f32x4.splat(p.scale * (<f32>1 - p.momentum))
  let sum: f32 = 0
  for (let i = 0; i < entry.rows; i++) {
    const row = to + <usize>i * pitch
    const start = <usize>(i * C) << 2
    let squares = f32x4.splat(0)
    let j = 0
    for (; j < C; j += 4) {
      const at = start + (<usize>j << 2)
      const g = f32x4.mul(loadLanes(entry.gradient + at, C - j), scale)
      const m = madd(loadLanes(entry.m + at, C - j), momentum, g)
      const ahead = madd(m, momentum, g)
      storeLanes(entry.m + at, m, C - j)
      v128.store(row + (<usize>j << 2), ahead)
      squares = madd(ahead, ahead, squares)
    }
    for (; j < padded; j += 4) v128.store(row + (<usize>j << 2), f32x4.splat(0))
    sum += sumLanes(squares)
  }
  return sum
}

function scaleMatrix(rows: i32, columns: i32, matrix: usize, pitch: usize, factor: f32): void {
  const f = f32x4.splat(factor)
  for (let i = 0; i < rows; i++) {
    for (let j = matrix; j < matrix + (<usize>columns << 2); j += 16) v128.store(j, f32x4.mul(v128.load(j), f))
    matrix += pitch
  }
}
