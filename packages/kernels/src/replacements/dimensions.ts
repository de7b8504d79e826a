/** A loop over arrays: its sizes, and for every array the strides, in elements, by which it moves along. */
export interface Loop {
  readonly sizes: number[]
  readonly strides: number[][]
}

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i]!
  }
  return strides
}

/** Strides of an array of shape `from` that is read as one of shape `to`: 0 where it is broadcast. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from)
  const missing = to.length - from.length
  return to.map((_, i) => (i < missing || from[i - missing] === 1 ? 0 : own[i - missing]!))
}

/** The same loop with as few dimensions as possible: those of size 1 left out, those that run on merged. */
export function merged({ sizes, strides }: Loop): Loop {
  const arrays = strides.length
  const result: Loop = { sizes: [], strides: strides.map(() => []) }
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!
    if (size === 1) continue
    const last = result.sizes.length - 1
    let runsOn = last >= 0
    for (let a = 0; a < arrays && runsOn; a++) runsOn = result.strides[a]![last] === strides[a]![i]! * size
    if (runsOn) result.sizes[last]! *= size
    else result.sizes.push(size)
    for (let a = 0; a < arrays; a++) result.strides[a]![result.sizes.length - 1] = strides[a]![i]!
  }
  return result
}

/** Padded with leading dimensions of size 1 to exactly `rank`. */
export function padded(loop: Loop, rank: number): Loop {
  const { sizes, strides } = loop
  while (sizes.length < rank) {
    sizes.unshift(1)
    for (const own of strides) own.unshift(0)
  }
  return loop
}
