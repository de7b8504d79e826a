const IMPORT_SECTION = 2
const MEMORY_SECTION = 5
const MEMORY_IMPORT = 2
const HAS_MAXIMUM = 1
const SHARED = 2

/**
 * A copy of a WebAssembly binary whose one memory, defined or imported, is a shared one.
 *
 * The difference is a single bit of the memory's limits. Code that was compiled for a memory of its own runs unchanged on
 * a shared one; this is how tfjs's single-threaded SIMD binary serves tensors that our worker threads can reach, without
 * the pool of workers that its threaded binary brings along.
 *
 * @see https://webassembly.github.io/threads/core/binary/types.html#limits
 */
export function withSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(binary)
  const at = memoryLimits(copy)
  if (at === undefined || (copy[at]! & HAS_MAXIMUM) === 0) {
    throw new Error('withSharedMemory: expected a module with one memory that has a maximum, got another.')
  }
  copy[at] = copy[at]! | SHARED
  return copy
}

/** The position of the flags byte of the module's memory limits. */
function memoryLimits(binary: Uint8Array): number | undefined {
  let position = 8
  const unsigned = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = binary[position++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  const skipName = () => {
    const length = unsigned()
    position += length
  }
  const skipLimits = () => {
    const flags = binary[position++]!
    unsigned()
    if ((flags & HAS_MAXIMUM) !== 0) unsigned()
  }
  while (position < binary.length) {
    const section = binary[position++]!
    const length = unsigned()
    const end = position + length
    if (section === MEMORY_SECTION) return unsigned() === 1 ? position : undefined
    if (section === IMPORT_SECTION) {
      for (let left = unsigned(); left > 0; left--) {
        skipName()
        skipName()
        const kind = binary[position++]!
        if (kind === MEMORY_IMPORT) return position
        if (kind === 0) unsigned()
        else if (kind === 1) {
          position++
          skipLimits()
        } else position += 2
      }
    }
    position = end
  }
  return undefined
}
