import type { Normalizer } from './points.ts'

const REFUSED = 1

/**
 * Normalizes texts unit by unit, for normalizers that map most units to one unit each.
 *
 * Each unit is looked up once and then kept in a table.
 */
export class UnitTable {
  readonly #normalizer: Normalizer | undefined
  readonly #isWatched: (unit: number) => boolean
  // 0 for units that are not looked up yet, and for those of a kind.
  readonly #mapped: Uint16Array<ArrayBuffer> = new Uint16Array(0x10000)
  readonly #kinds = new Uint8Array(0x10000)
  /** Whether the last text changed. */
  changed = false
  /** Whether the last text has units that are watched, before or after. */
  watched = false

  /** @param isWatched whether texts with this unit, before or after normalization, are to be reported */
  constructor(normalizer: Normalizer | undefined, isWatched: (unit: number) => boolean) {
    this.#normalizer = normalizer
    this.#isWatched = isWatched
  }

  /** Writes a normalized text to `units`, which has room for it; false if it cannot be done unit by unit. */
  write(text: string, units: Uint16Array): boolean {
    const mapped = this.#mapped
    const { length } = text
    let changes = 0
    this.watched = false
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      const to = mapped[unit]! || this.#lookUp(unit)
      if (to < 0) return false
      changes |= to ^ unit
      units[i] = to
    }
    this.changed = changes !== 0
    return true
  }

  #lookUp(unit: number): number {
    if (this.#kinds[unit] === REFUSED) return -1
    const to = this.#normalizer === undefined ? unit : this.#normalizer.mapUnit!(unit)
    if (to < 0) {
      this.#kinds[unit] = REFUSED
      return -1
    }
    const isWatched = this.#isWatched(unit) || this.#isWatched(to)
    if (isWatched) this.watched = true
    else this.#mapped[unit] = to
    return to
  }
}
