import type { PartSpec } from '@heddle/core'

/** The keys under which the Sequence parts hold others. */
const LISTS = ['normalizers', 'pretokenizers', 'processors', 'decoders']

/** A part of tokenizer.json in one line: its name and its settings, without vocabularies and other long lists. */
export function describePart(part: PartSpec | null | undefined): string {
  if (part === null || part === undefined) return 'none'
  const { type, ...options } = part
  for (const key of LISTS) {
    const inner = options[key]
    if (Array.isArray(inner)) return inner.map((one) => describePart(one as PartSpec)).join(', then ')
  }
  const settings = Object.entries(options).flatMap(([key, value]) => {
    const text = JSON.stringify(value)
    const isLong = Array.isArray(value) || text === undefined || text.length > 60
    return value === null || isLong ? [] : [`${key}=${text}`]
  })
  return settings.length === 0 ? type : `${type} (${settings.join(', ')})`
}

/** The token that stands for unknown text, if the model has one. */
export function unkTokenOf(model: PartSpec): string | undefined {
  if (typeof model['unk_token'] === 'string') return model['unk_token']
  const { unk_id: id, vocab } = model
  return typeof id === 'number' && Array.isArray(vocab) ? (vocab[id] as [string, number] | undefined)?.[0] : undefined
}
