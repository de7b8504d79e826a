import binaryen from 'assemblyscript/binaryen'

/** The binary without the exports and all that only they reach. What stays is as it was. */
export function withoutExports(binary: Uint8Array, names: readonly string[]): Uint8Array {
  const module = binaryen.readBinary(binary)
  module.setFeatures(binaryen.Features.All)
  for (const name of names) module.removeExport(name)
  module.runPasses(['remove-unused-module-elements'])
  const result = module.emitBinary()
  module.dispose()
  return result
}
