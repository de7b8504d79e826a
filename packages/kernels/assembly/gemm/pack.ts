// Packing: operands are copied into panels, so that the micro-kernels read both of them front to back.
//
// A panel holds `width` lanes (rows of A or columns of B) of length k as [k][width]. Lane i, position p is at
// src + i * laneStride + p * step (strides in bytes).

/** Packs `count` <= `width` lanes; the lanes from `count` on are zero. */
export function packPanel(
  dst: usize,
  width: i32,
  count: i32,
  k: i32,
  src: usize,
  laneStride: usize,
  step: usize,
): void {
  const pitch = <usize>width << 2
  let lane = 0
  if (laneStride == 4) {
    for (; lane + 4 <= count; lane += 4) copyLanes4(dst + (<usize>lane << 2), pitch, k, src + (<usize>lane << 2), step)
  } else if (step == 4) {
    for (; lane + 4 <= count; lane += 4) {
      transposeLanes4(dst + (<usize>lane << 2), pitch, k, src + <usize>lane * laneStride, laneStride)
    }
  }
  for (; lane < count; lane++) copyLane(dst + (<usize>lane << 2), pitch, k, src + <usize>lane * laneStride, step)
  for (; lane < width; lane++) zeroLane(dst + (<usize>lane << 2), pitch, k)
}

/**
 * Packs whole panels of lanes that lie side by side, `vectors` times four lanes each.
 *
 * Several panels are filled at a time: panel by panel, every step would touch another page of memory for one cache line;
 * all panels at once, the lines that are written would fall on the same few sets of the cache.
 */
export function packSideBySide(
  panels: i32,
  vectors: i32,
  k: i32,
  src: usize,
  step: usize,
  dst: usize,
  panelBytes: usize,
): void {
  const panelLanes = <usize>vectors << 4
  const together = vectors == 4 ? 4 : 8
  for (let panel = 0; panel < panels; panel += together) {
    const count = min(together, panels - panel)
    let from = src + <usize>panel * panelLanes
    let to = dst + <usize>panel * panelBytes
    for (let p = 0; p < k; p++) {
      if (vectors == 4) copyRow16(count, from, to, panelBytes)
      else copyRow8(count, from, to, panelBytes)
      from += step
      to += panelLanes
    }
  }
}

// @ts-ignore: decorator
@inline
function copyRow16(panels: i32, src: usize, dst: usize, panelBytes: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    v128.store(dst, v128.load(src))
    v128.store(dst, v128.load(src, 16), 16)
    v128.store(dst, v128.load(src, 32), 32)
    v128.store(dst, v128.load(src, 48), 48)
    src += 64
    dst += panelBytes
  }
}

// @ts-ignore: decorator
@inline
function copyRow8(panels: i32, src: usize, dst: usize, panelBytes: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    v128.store(dst, v128.load(src))
    v128.store(dst, v128.load(src, 16), 16)
    src += 32
    dst += panelBytes
  }
}

function copyLanes4(dst: usize, pitch: usize, k: i32, src: usize, step: usize): void {
  for (let p = 0; p < k; p++) {
    v128.store(dst, v128.load(src))
    dst += pitch
    src += step
  }
}

function copyLane(dst: usize, pitch: usize, k: i32, src: usize, step: usize): void {
  for (let p = 0; p < k; p++) {
    f32.store(dst, f32.load(src))
    dst += pitch
    src += step
  }
}

function zeroLane(dst: usize, pitch: usize, k: i32): void {
  for (let p = 0; p < k; p++) {
    f32.store(dst, 0)
    dst += pitch
  }
}

/** Four lanes that each lie contiguous along k: 4x4 transposes. */
export function transposeLanes4(dst: usize, pitch: usize, k: i32, src: usize, laneStride: usize): void {
  let s0 = src
  let s1 = s0 + laneStride
  let s2 = s1 + laneStride
  let s3 = s2 + laneStride
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const x0 = v128.load(s0)
    const x1 = v128.load(s1)
    const x2 = v128.load(s2)
    const x3 = v128.load(s3)
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5)
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7)
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5)
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7)
    v128.store(dst, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5))
    v128.store(dst + pitch, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7))
    v128.store(dst + 2 * pitch, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5))
    v128.store(dst + 3 * pitch, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7))
    dst += 4 * pitch
    s0 += 16
    s1 += 16
    s2 += 16
    s3 += 16
  }
  for (; p < k; p++) {
    f32.store(dst, f32.load(s0))
    f32.store(dst, f32.load(s1), 4)
    f32.store(dst, f32.load(s2), 8)
    f32.store(dst, f32.load(s3), 12)
    dst += pitch
    s0 += 4
    s1 += 4
    s2 += 4
    s3 += 4
  }
}

/**
 * Packs m lanes that lie side by side into panels as equal as can be (`share` in packed-product.ts), one after the other. Memory is
 * read row by row: going panel by panel would touch another page with every step.
 */
export function packAdjacentLanes(dst: usize, m: i32, panels: i32, k: i32, src: usize, step: usize): void {
  const lanes = m / panels
  const wider = m - lanes * panels
  const first = <usize>(lanes + 1) << 2
  const second = <usize>lanes << 2
  const rest = dst + <usize>wider * first * k
  for (let p: usize = 0; p < <usize>k; p++) {
    copyLaneGroups(lanes + 1, wider, src, dst + p * first, first * k)
    copyLaneGroups(lanes, panels - wider, src + <usize>wider * first, rest + p * second, second * k)
    src += step
  }
}

/** `count` groups of 1 … 6 lanes from one row of memory, to places `pitch` bytes apart. */
// @ts-ignore: decorator
@inline
function copyLaneGroups(lanes: i32, count: i32, src: usize, dst: usize, pitch: usize): void {
  const bytes = <usize>lanes << 2
  if (lanes == 6) {
    for (let i = 0; i < count; i++) {
      v128.store(dst, v128.load(src))
      i64.store(dst, i64.load(src, 16), 16)
      src += bytes
      dst += pitch
    }
  } else if (lanes == 5) {
    for (let i = 0; i < count; i++) {
      v128.store(dst, v128.load(src))
      i32.store(dst, i32.load(src, 16), 16)
      src += bytes
      dst += pitch
    }
  } else if (lanes == 4) {
    for (let i = 0; i < count; i++) {
      v128.store(dst, v128.load(src))
      src += bytes
      dst += pitch
    }
  } else {
    for (let i = 0; i < count; i++) {
      for (let j: usize = 0; j < bytes; j += 4) i32.store(dst + j, i32.load(src + j))
      src += bytes
      dst += pitch
    }
  }
}
