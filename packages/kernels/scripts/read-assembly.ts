/**
 * Reads the part of the AssemblyScript sources that JavaScript uses: argument structs, entries, jobs and enumerations. They
 * are the one source of the border between the two languages; scripts/border-source.ts and scripts/jobs-source.ts write the
 * other side.
 *
 * A class is a struct where it is `@unmanaged`: fields of 32 bits, one a line. A field with the initializer 0 may be left
 * out; one whose comment begins with `@internal` belongs to the kernel alone; numbered fields (`size0`, `size1`, …) are a
 * list. A function whose comment begins with `@entry` is called from JavaScript; one with `@job` runs on several threads and
 * has the parameters (struct, i32, i32). An `export const enum` is known to both languages.
 */

export type FieldType = 'i32' | 'u32' | 'usize' | 'f32'

export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly comment: string
  /** May be left out, and is 0 then. */
  readonly optional: boolean
  /** Written by the kernel itself. */
  readonly internal: boolean
}

export interface Struct {
  readonly name: string
  /** Path of its source, without the extension. */
  readonly file: string
  readonly base: string | undefined
  readonly comment: string
  /** Without those of the base. */
  readonly fields: readonly Field[]
}

export interface Parameter {
  readonly name: string
  readonly type: string
}

export interface AssemblyFunction {
  readonly name: string
  /** Path of its source, without the extension. */
  readonly file: string
  readonly comment: string
  readonly parameters: readonly Parameter[]
  readonly result: string
}

export interface Enumeration {
  readonly name: string
  readonly members: readonly { readonly name: string; readonly value: number }[]
}

export interface Assembly {
  readonly structs: readonly Struct[]
  readonly entries: readonly AssemblyFunction[]
  readonly jobs: readonly AssemblyFunction[]
  readonly enumerations: readonly Enumeration[]
}

/** @param files sources by their path in assembly/, without the extension */
export function readAssembly(files: ReadonlyMap<string, string>): Assembly {
  const sources = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const structs = sources.flatMap(([file, text]) => readStructs(file, text))
  const functions = sources.flatMap(([file, text]) => readFunctions(file, text))
  const assembly = {
    structs: inOrder(structs),
    entries: functions.filter(({ tag }) => tag === '@entry').map(({ tag: _, ...entry }) => entry),
    jobs: functions.filter(({ tag }) => tag === '@job').map(({ tag: _, ...job }) => job),
    enumerations: sources.flatMap(([file, text]) => readEnumerations(file, text)),
  }
  check(assembly)
  return assembly
}

/** All fields of a struct, those of its base first. */
export function fieldsOf(struct: Struct, structs: readonly Struct[]): readonly Field[] {
  const base = structs.find(({ name }) => name === struct.base)
  return base === undefined ? struct.fields : [...fieldsOf(base, structs), ...struct.fields]
}

const COMMENT = String.raw`((?:/\*\*(?:(?!\*/)[\s\S])*\*/\n)?)`

function readStructs(file: string, text: string): Struct[] {
  const pattern = new RegExp(
    `${COMMENT}@unmanaged\\n(?:export )?class (\\w+)(?: extends (\\w+))? \\{\\n([\\s\\S]*?)\\n\\}`,
    'g',
  )
  return [...text.matchAll(pattern)].map(([, comment, name, base, body]) => ({
    name: name!,
    file,
    base,
    comment: plainComment(comment!),
    fields: readFields(file, body!),
  }))
}

function readFields(file: string, body: string): Field[] {
  const pattern =
    /(?:\s*\/\/[^\n]*\n)*(\s*\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:\s*\/\/[^\n]*\n)*\s*(\w+): (\w+)( = 0)?(?:\n|$)/y
  const fields: Field[] = []
  for (let position = 0; position < body.length; position = pattern.lastIndex) {
    pattern.lastIndex = position
    const match = pattern.exec(body)
    const [, comment = '', name, type, initializer] = match ?? []
    if (type !== 'i32' && type !== 'u32' && type !== 'usize' && type !== 'f32') {
      const line = body.slice(position).trim().split('\n')[0]
      throw new Error(`read-assembly: ${file}: expected a field of type i32, u32, usize or f32, got "${line}".`)
    }
    const plain = plainComment(comment)
    const internal = plain.startsWith('@internal')
    fields.push({ name: name!, type, comment: plain, optional: initializer !== undefined, internal })
  }
  return fields
}

function readFunctions(file: string, text: string): (AssemblyFunction & { tag: '@entry' | '@job' })[] {
  const comments = text.matchAll(/\/\*\*\s*(?:\* )?(@entry|@job)\b((?:(?!\*\/)[\s\S])*)\*\/\n/g)
  return [...comments].map(({ 0: whole, 1: tag, 2: comment, index }) => {
    const rest = text.slice(index + whole.length)
    const match = /^(?:\/\/ @ts-ignore[^\n]*\n@inline\n)?export function (\w+)\(([^)]*)\): (\w+) \{/.exec(rest)
    if (match === null) {
      throw new Error(
        `read-assembly: ${file}: expected an exported function behind ${tag}, got "${rest.split('\n')[0]}".`,
      )
    }
    const [, name, list, result] = match
    const parameters = list!
      .split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '')
      .map((parameter) => {
        const [own, type] = parameter.split(': ') as [string, string]
        return { name: own, type }
      })
    return {
      ...{ tag: tag as '@entry' | '@job', name: name!, file, parameters, result: result! },
      comment: plainComment(`/**${comment}*/`),
    }
  })
}

function readEnumerations(file: string, text: string): Enumeration[] {
  return [...text.matchAll(/export const enum (\w+) \{\n([\s\S]*?)\n\}/g)].map(([, name, body]) => {
    const lines = body!.replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').split('\n')
    const members = lines
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const match = /^\s*(\w+) = (\d+),$/.exec(line)
        if (match === null) throw new Error(`read-assembly: ${file}: expected "NAME = number,", got "${line.trim()}".`)
        return { name: match[1]!, value: Number(match[2]) }
      })
    return { name: name!, members }
  })
}

/** Bases before the structs that extend them. */
function inOrder(structs: readonly Struct[]): Struct[] {
  const depth = (struct: Struct): number => {
    const base = structs.find(({ name }) => name === struct.base)
    return base === undefined ? 0 : 1 + depth(base)
  }
  return [...structs].sort((a, b) => depth(a) - depth(b))
}

function check({ structs, entries, jobs, enumerations }: Assembly): void {
  const names = [...structs, ...entries, ...jobs, ...enumerations].map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new Error(`read-assembly: expected one ${twice}, got two.`)
  const structNames = new Set(structs.map(({ name }) => name))
  const numbers = new Set(['i32', 'u32', 'usize', 'f32', 'bool'])
  for (const { name, file, parameters, result } of entries) {
    const takesStruct = parameters.length === 1 && structNames.has(parameters[0]!.type)
    const fits = takesStruct || parameters.every(({ type }) => numbers.has(type))
    if (!fits || ![...numbers, 'f64', 'void'].includes(result)) {
      throw new Error(`read-assembly: ${file}: expected ${name} to take one struct, or numbers.`)
    }
  }
  for (const { name, file, parameters, result } of jobs) {
    const [args, begin, end, ...more] = parameters.map(({ type }) => type)
    if (!structNames.has(args!) || begin !== 'i32' || end !== 'i32' || more.length > 0 || result !== 'void') {
      throw new Error(`read-assembly: ${file}: expected ${name}(struct, begin: i32, end: i32): void.`)
    }
  }
}

/** The text of a comment on one line. */
function plainComment(comment: string): string {
  return comment
    .replace(/^\s*\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .replaceAll(/\s*\n\s*\*?\s?/g, ' ')
    .trim()
}
