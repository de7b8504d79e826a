import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

const ZONE = 64
const ZONE_BYTE = 0xa5
/** Fresh memory holds this, so that what a kernel leaves unwritten shows. */
const FRESH_BYTE = 0xcb
/** Larger blocks keep their zones but are not filled. */
const FILLED = 2 ** 20

interface Module {
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(address: number): void
}

interface Block {
  readonly start: number
  readonly bytes: number
}

/** Zones around every block that JavaScript allocates in tfjs's memory, and the check that nobody has written into them. */
export class GuardedMemory {
  readonly #module: Module
  readonly #blocks = new Map<number, Block>()
  readonly #damaged: string[] = []

  constructor(backend: BackendWasm) {
    const module = backend.wasm as unknown as Module
    this.#module = module
    // Emscripten puts these functions in place at their first call, which would undo ours.
    module._free(module._malloc(8))
    const { _malloc: malloc, _free: free } = module
    module._malloc = (bytes) => {
      const start = malloc(bytes + 2 * ZONE) >>> 0
      if (start === 0) return 0
      const address = start + ZONE
      this.#blocks.set(address, { start, bytes })
      module.HEAPU8.fill(ZONE_BYTE, start, address)
      if (bytes <= FILLED) module.HEAPU8.fill(FRESH_BYTE, address, address + bytes)
      module.HEAPU8.fill(ZONE_BYTE, address + bytes, address + bytes + ZONE)
      return address
    }
    module._free = (address) => {
      const block = this.#blocks.get(address >>> 0)
      if (block === undefined) return free(address)
      this.#check(address >>> 0, block)
      this.#blocks.delete(address >>> 0)
      free(block.start)
    }
  }

  get count(): number {
    return this.#blocks.size
  }

  /** Descriptions of the zones that were written into since the last call. */
  damage(): string[] {
    for (const [address, block] of this.#blocks) this.#check(address, block)
    return this.#damaged.splice(0)
  }

  #check(address: number, { start, bytes }: Block): void {
    const { HEAPU8 } = this.#module
    for (let i = 0; i < ZONE; i++) {
      const [before, behind] = [start + i, address + bytes + i]
      if (HEAPU8[before] !== ZONE_BYTE || HEAPU8[behind] !== ZONE_BYTE) {
        this.#damaged.push(`the zone ${HEAPU8[before] !== ZONE_BYTE ? 'before' : 'behind'} a block of ${bytes} bytes`)
        HEAPU8.fill(ZONE_BYTE, start, address)
        HEAPU8.fill(ZONE_BYTE, address + bytes, address + bytes + ZONE)
        return
      }
    }
  }
}
