/** Returns the first key that occurs twice in one object of valid JSON, at any depth. JSON.parse keeps the last one silently. */
export function duplicateKey(json: string): string | undefined {
  // The keys of each open object; undefined for an open array.
  const open: (Set<string> | undefined)[] = []
  for (let i = 0; i < json.length; i++) {
    const c = json[i]
    if (c === '{') open.push(new Set())
    else if (c === '[') open.push(undefined)
    else if (c === '}' || c === ']') open.pop()
    else if (c === '"') {
      const end = stringEnd(json, i)
      const keys = open.at(-1)
      if (keys !== undefined && isBeforeColon(json, end)) {
        const key = JSON.parse(json.slice(i, end)) as string
        if (keys.has(key)) return key
        keys.add(key)
      }
      i = end - 1
    }
  }
  return undefined
}

/** The offset after the closing quote of the string that starts at `start`. */
function stringEnd(json: string, start: number): number {
  let end = start + 1
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1
  return end + 1
}

function isBeforeColon(json: string, at: number): boolean {
  while (' \t\r\n'.includes(json[at] ?? 'x')) at++
  return json[at] === ':'
}
