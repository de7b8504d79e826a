import { HeddleError, show } from '@heddle/core'

/** A place that holds the files of a tokenizer: a folder on disk, a map, or an address. */
export interface Folder {
  /** The bytes of a file, or undefined if there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Name of the folder, for messages. */
  readonly name?: string
}

export async function readText(folder: Folder, path: string): Promise<string | undefined> {
  const bytes = await folder.read(path)
  if (bytes === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HeddleError('format', `${path}: expected UTF-8, got other bytes. Convert the file.`, { cause })
  }
}

/** The JSON object in a file; undefined if there is no file. */
export async function readJson(folder: Folder, path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readText(folder, path)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('format', `${path}: expected JSON, got ${show(text)}. Check the file.`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HeddleError('format', `${path}: expected an object, got ${show(value)}. Check the file.`)
}
