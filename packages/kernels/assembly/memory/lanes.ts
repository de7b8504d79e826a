// Loads and stores of up to four floats, for rows whose length is no multiple of four.

/** The first min(n, 4) floats at `address`; the other lanes are zero. n >= 1. */
// @ts-ignore: decorator
@inline
export function loadLanes(address: usize, n: i32): v128 {
  return n >= 4 ? v128.load(address) : loadTail(address, n)
}

/** Writes the first min(n, 4) lanes and nothing beyond them. n >= 1. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, value: v128, n: i32): void {
  if (n >= 4) v128.store(address, value)
  else storeTail(address, value, n)
}

function loadTail(address: usize, n: i32): v128 {
  let value = v128.load32_zero(address)
  if (n > 1) value = v128.load32_lane(address, value, 1, 4)
  if (n > 2) value = v128.load32_lane(address, value, 2, 8)
  return value
}

function storeTail(address: usize, value: v128, n: i32): void {
  v128.store32_lane(address, value, 0)
  if (n > 1) v128.store32_lane(address, value, 1, 4)
  if (n > 2) v128.store32_lane(address, value, 2, 8)
}
