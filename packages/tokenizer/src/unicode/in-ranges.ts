/** Whether a code point lies in one of the ranges, which are in order and do not overlap: each from its start to its end, both included. */
export function inRanges(starts: readonly number[], ends: readonly number[], code: number): boolean {
  let low = 0
  let high = starts.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (starts[middle]! > code) high = middle - 1
    else if (ends[middle]! < code) low = middle + 1
    else return true
  }
  return false
}
