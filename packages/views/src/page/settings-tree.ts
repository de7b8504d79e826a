import { type Markup, markup, phrase } from './markup.ts'

/**
 * Settings as a tree: nested objects are indented below their names, a part `{ type, … }` stands as its type. Values that are
 * null, undefined or empty are left out, as they had no effect.
 */
export function settingsTree(settings: Readonly<Record<string, unknown>>): Markup {
  return markup`<dl class="tree">${entries(settings)}</dl>`
}

function entries(settings: Readonly<Record<string, unknown>>): Markup[] {
  return Object.entries(settings)
    .filter(applies)
    .map(([key, value]) => entry(key, value))
}

const applies = ([key, value]: [string, unknown]): boolean =>
  value !== null && value !== undefined && key !== 'version' && !(isObject(value) && Object.keys(value).length === 0)

function entry(key: string, value: unknown): Markup {
  if (!isObject(value)) return markup`<div><dt>${key}</dt><dd>${phrase(written(value))}</dd></div>`
  const { type, ...fields } = value
  const name = typeof type === 'string' ? type : undefined
  const inner = entries(name === undefined ? value : fields)
  return markup`<div><dt>${key}</dt><dd>${name}</dd></div>${inner.length > 0 && markup`<dl>${inner}</dl>`}`
}

function written(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return value.toLocaleString('en', { maximumSignificantDigits: 6 })
  if (Array.isArray(value)) return value.map((each) => partName(each) ?? written(each)).join(', ')
  return JSON.stringify(value)
}

/** The type of a part without settings of its own. */
function partName(value: unknown): string | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string') return undefined
  return Object.keys(value).length === 1 ? value['type'] : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
