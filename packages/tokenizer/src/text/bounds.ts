/** Starts and ends of pre-tokens in turn, in an array that is reused for the next text. */
export class Bounds {
  values: Int32Array<ArrayBuffer> = new Int32Array(256)
  /** Number of pre-tokens. */
  count = 0

  push(start: number, end: number): void {
    const at = 2 * this.count++
    if (at === this.values.length) this.#grow()
    this.values[at] = start
    this.values[at + 1] = end
  }

  clear(): void {
    this.count = 0
  }

  toArray(): number[] {
    // Several times as fast as Array.from.
    const array = new Array<number>(2 * this.count)
    for (let i = 0; i < array.length; i++) array[i] = this.values[i]!
    return array
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.values.length)
    larger.set(this.values)
    this.values = larger
  }
}

/** Appends the ranges to keep of the UTF-16 units from `start` to `end`, in order. */
export type UnitSplitter = (units: Uint16Array, start: number, end: number, out: Bounds) => void
