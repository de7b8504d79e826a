/**
 * Distance of each parameter from the head, in layers, for learning rates that fall from layer to layer.
 *
 * A stack is a list of layers (`encoder.layers.0`, `encoder.layers.1`, …; `layers.0`). Its top layer is at depth 1, each one below it one
 * deeper, and parameters that come before the stack, such as token vectors, one deeper than its first layer. Everything after a
 * stack, its last norm and the head, is at depth 0. Where there are several stacks, each counts for itself.
 *
 * @param paths of all parameters, in the order of the model
 * @returns a depth for each path
 */
export function layerDepths(paths: readonly string[]): number[] {
  const stacks = new Map<string, { size: number; first: number; last: number }>()
  const places = paths.map((path, i) => {
    const [, stack, layer] = /^((?:[^.]+\.)*?layers)\.(\d+)\./.exec(path) ?? []
    if (stack === undefined) return undefined
    const known = stacks.get(stack) ?? { size: 0, first: i, last: i }
    stacks.set(stack, { ...known, size: Math.max(known.size, Number(layer) + 1), last: i })
    return { stack, layer: Number(layer) }
  })
  return paths.map((path, i) => {
    const place = places[i]
    if (place !== undefined) return stacks.get(place.stack)!.size - place.layer
    // The stack of the same owner, or else the next one.
    const owner = [...stacks].find(([stack]) => path.startsWith(stack.slice(0, -'layers'.length)) && stack !== 'layers')
    const next = owner ?? [...stacks].find(([, { first }]) => i < first)
    if (next === undefined) return 0
    const [, { size, first }] = next
    return i < first ? size + 1 : 0
  })
}
