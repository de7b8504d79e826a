/** Characters that change how a terminal or a page shows the text around them: C1 controls, bidirectional controls, separators. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/**
 * Renders a value for an error message, cut to a readable length.
 *
 * Strings are quoted and control characters escaped. Time and memory depend on `maxLength`, not on the value's size or depth.
 */
export function show(value: unknown, maxLength = 80): string {
  const text = new Renderer(maxLength).render(value)
  if (text.length <= maxLength) return text
  const end = maxLength - 1
  const isLead = end > 0 && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return `${text.slice(0, isLead ? end - 1 : end)}…`
}

/** Writes JSON-like text until a length is reached. */
class Renderer {
  #text = ''
  readonly #maxLength: number

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  render(value: unknown): string {
    try {
      this.#write(value)
    } catch {
      // A getter, a proxy or toJSON that throws.
      this.#text += '(unreadable)'
    }
    return this.#text
  }

  get #isFull(): boolean {
    return this.#text.length > this.#maxLength
  }

  #write(value: unknown): void {
    if (typeof value === 'string') this.#text += quoted(value, this.#maxLength)
    else if (typeof value === 'function') this.#text += `function ${value.name || '(anonymous)'}`
    else if (typeof value !== 'object' || value === null) this.#text += String(value)
    else if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) {
      this.#writeArray(value as unknown as ArrayLike<unknown>)
    } else if ('toJSON' in value && typeof value.toJSON === 'function') {
      this.#text += quoted(String(value.toJSON()), this.#maxLength)
    } else if (value instanceof Error) this.#text += quoted(String(value), this.#maxLength)
    else if (value instanceof Map || value instanceof Set) this.#text += `${value.constructor.name}(${value.size})`
    else this.#writeObject(value)
  }

  #writeArray(array: ArrayLike<unknown>): void {
    this.#text += '['
    for (let i = 0; i < array.length && !this.#isFull; i++) {
      if (i > 0) this.#text += ','
      this.#write(array[i])
    }
    this.#text += ']'
  }

  #writeObject(object: object): void {
    this.#text += '{'
    let first = true
    for (const key in object) {
      if (this.#isFull) break
      const value = (object as Record<string, unknown>)[key]
      if (!Object.hasOwn(object, key) || value === undefined) continue
      this.#text += `${first ? '' : ','}${quoted(key, this.#maxLength)}:`
      first = false
      this.#write(value)
    }
    this.#text += '}'
  }
}

function quoted(text: string, maxLength: number): string {
  const start = text.length > maxLength ? text.slice(0, maxLength + 1) : text
  return JSON.stringify(start).replace(INVISIBLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
