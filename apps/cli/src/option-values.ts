import { HeddleError, type JsonSchema, show } from '@heddle/core'
import { Option } from 'commander'

// Values of command-line options: how they are read, and options for the fields of configs.

export const collect = (value: string, before: string[]) => [...before, value]

/** The values of a config's fields, as far as they were given. */
export function givenFields(
  fields: readonly (readonly [key: string, schema: JsonSchema])[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(fields.map(([key]) => [key, options[key]]).filter(([, value]) => value !== undefined))
}

/** A command-line option for a field of a config schema: beamWidth becomes --beam-width. */
export function optionFor(key: string, field: JsonSchema): Option {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const standard = field.default === undefined ? '' : ` (default: ${show(field.default)})`
  const repeated = field.type === 'array' ? '; may be repeated' : ''
  const description = `${field.description ?? ''}${repeated}${standard}`
  if (field.type === 'boolean')
    return new Option(field.default === true ? flag.replace('--', '--no-') : flag, description)
  const option = new Option(`${flag} <value>`, description)
  if (field.type === 'array') option.argParser((value: string, before: string[] = []) => [...before, value])
  if (field.type === 'integer' || field.type === 'number') option.argParser(number(flag, field.type === 'integer'))
  const kinds = field.anyOf ?? field.oneOf ?? [field]
  if (kinds.some(({ type }) => type === 'object')) option.argParser(nameOrPart(flag))
  return option
}

/** Reads the name of a part, or the part as JSON: `greedy`, `{"type":"random","topK":5}`. */
export function nameOrPart(flag: string): (text: string) => unknown {
  return (text) => {
    if (!text.trimStart().startsWith('{')) return text
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new HeddleError('usage', `${flag}: expected JSON, got ${show(text)} (${(error as Error).message}).`)
    }
  }
}

export function number(flag: string, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      throw new HeddleError('usage', `${flag}: expected a ${whole ? 'whole ' : ''}number, got ${show(text)}.`)
    }
    return value
  }
}

export function wholeNumber(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = number(flag, true)(text)
    if (value < least)
      throw new HeddleError('usage', `${flag}: expected a whole number from ${least} on, got ${show(text)}.`)
    return value
  }
}

/** Milliseconds of a time such as `15m`, `90s` or `1h30m`. */
export function duration(flag: string): (text: string) => number {
  return (text) => {
    const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
    const milliseconds = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds))
    if (milliseconds > 0) return milliseconds
    throw new HeddleError('usage', `${flag}: expected a time such as 15m, 90s or 1h30m, got ${show(text)}.`)
  }
}
