/**
 * Collects the tokens of a text: ids and ranges of the pre-token, in flat arrays that are reused for the next text.
 */
export class TokenBuffer {
  length = 0
  ids = new Int32Array(256)
  /** Start and end of each token, in UTF-16 units of its pre-token. */
  starts = new Int32Array(256)
  ends = new Int32Array(256)

  push(id: number, start: number, end: number): void {
    const at = this.length
    if (at === this.ids.length) this.#grow(at + 1)
    this.ids[at] = id
    this.starts[at] = start
    this.ends[at] = end
    this.length = at + 1
  }

  /** Reserves room for `count` tokens in total. */
  reserve(count: number): void {
    if (count > this.ids.length) this.#grow(count)
  }

  clear(): void {
    this.length = 0
  }

  #grow(count: number): void {
    const capacity = Math.max(count, this.ids.length * 2)
    this.ids = resized(this.ids, capacity)
    this.starts = resized(this.starts, capacity)
    this.ends = resized(this.ends, capacity)
  }
}

function resized(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity)
  larger.set(array)
  return larger
}
