import { type Assembly, type AssemblyFunction, type Field, fieldsOf, type Struct } from './read-assembly.ts'

/** A field of the TypeScript side: one word, or the words of a list. */
interface Property {
  readonly name: string
  readonly comment: string
  readonly optional: boolean
  readonly list: boolean
  readonly words: readonly { readonly field: Field; readonly index: number }[]
}

/**
 * Writes the TypeScript side of the border: for every argument struct an interface and a function that writes it by field
 * name, the entries with their types, the enumerations, and the lengths of lists.
 */
export function borderSource(assembly: Assembly): string {
  const { structs, entries, enumerations } = assembly
  const size = Math.max(...structs.map((struct) => fieldsOf(struct, structs).length))
  return [
    '// Written by scripts/border-source.ts from assembly/.',
    `/** Views of the whole memory; read anew for every call, since they change when the memory grows. */
export interface Words {
  readonly HEAP32: Int32Array
  readonly HEAPF32: Float32Array
}

/** Bytes of the largest argument struct. */
export const argumentBytes = ${4 * size}`,
    ...enumerations.map(
      ({ name, members }) =>
        `export const ${name} = { ${members.map((member) => `${member.name}: ${member.value}`).join(', ')} } as const`,
    ),
    lengthsOf(structs),
    ...structs.map((struct) => structSource(struct, assembly)),
    rawSource(entries),
    exportsSource(entries, structs),
    '',
  ].join('\n\n')
}

function propertiesOf(struct: Struct, structs: readonly Struct[]): Property[] {
  const fields = fieldsOf(struct, structs)
  const names = new Set(fields.map(({ name }) => name))
  const properties: (Property & { words: { field: Field; index: number }[] })[] = []
  fields.forEach((field, index) => {
    if (field.internal) return
    const [, stem, digits] = /^(\w*?)(\d+)$/.exec(field.name) ?? []
    const list = stem !== undefined && names.has(`${stem}0`) && names.has(`${stem}1`)
    if (list && Number(digits) > 0) {
      properties.find(({ name }) => name === stem)!.words.push({ field, index })
    } else {
      const { comment } = field
      properties.push({
        ...{ name: list ? stem : field.name, comment, optional: field.optional && !list, list },
        words: [{ field, index }],
      })
    }
  })
  return properties
}

function lengthsOf(structs: readonly Struct[]): string {
  const lines = structs.flatMap((struct) => {
    const lists = propertiesOf(struct, structs).filter(({ list }) => list)
    const entries = lists.map(({ name, words }) => `${name}: ${words.length}`)
    return entries.length === 0 ? [] : [`  ${struct.name}: { ${entries.join(', ')} },`]
  })
  return `/** How long the lists of the structs are. */\nexport const lengths = {\n${lines.join('\n')}\n} as const`
}

function structSource(struct: Struct, { structs, entries }: Assembly): string {
  const properties = propertiesOf(struct, structs)
  const declarations = properties.map(({ name, comment, optional, list }) => {
    const doc = comment === '' ? '' : `  /** ${comment} */\n`
    return `${doc}  readonly ${name}${optional ? '?' : ''}: ${list ? 'readonly number[]' : 'number'}`
  })
  const stores = properties.flatMap(({ name, optional, list, words }) =>
    words.map(({ field, index }, i) => {
      const view = field.type === 'f32' ? 'floats' : 'integers'
      const value = list ? `args.${name}[${i}]!` : `args.${name}${optional ? ' ?? 0' : ''}`
      return `  ${view}[start${index === 0 ? '' : ` + ${index}`}] = ${value}`
    }),
  )
  const views = (['integers', 'floats'] as const).filter((view) => stores.some((line) => line.startsWith(`  ${view}`)))
  const doc = struct.comment === '' ? '' : `/** ${struct.comment} */\n`
  // A struct that no entry takes and none extends lies in memory of its own, which the caller fills.
  const taken = entries.some(({ parameters }) => parameters[0]?.type === struct.name)
  const own = !taken && !structs.some(({ base }) => base === struct.name)
  const size = `/** Bytes of a ${struct.name}. */
export const ${struct.name[0]!.toLowerCase()}${struct.name.slice(1)}Bytes = ${4 * fieldsOf(struct, structs).length}

export `
  const declaration = `${doc}export interface ${struct.name} {
${declarations.join('\n')}
}`
  if (!taken && !own) return declaration
  return `${declaration}

${own ? size : ''}function write${struct.name}(words: Words, address: number, args: ${struct.name}): number {
  const start = address >>> 2
${views.map((view) => `  const ${view} = words.${view === 'floats' ? 'HEAPF32' : 'HEAP32'}`).join('\n')}
${stores.join('\n')}
  return address
}`
}

function rawSource(entries: readonly AssemblyFunction[]): string {
  const lines = entries.map(({ name, parameters }) => {
    const list = parameters.map((parameter) => `${parameter.name}: number`)
    return `  ${name}(${list.join(', ')}): number`
  })
  return `/** The exports of the module as WebAssembly has them. */\nexport interface RawExports {\n${lines.join('\n')}\n}`
}

function exportsSource(entries: readonly AssemblyFunction[], structs: readonly Struct[]): string {
  const isStruct = (type: string) => structs.some(({ name }) => name === type)
  const methods = entries.map(({ name, comment, parameters, result }) => {
    const doc = comment === '' ? '' : `  /** ${comment} */\n`
    const first = parameters[0]
    const takesStruct = first !== undefined && isStruct(first.type)
    const list = takesStruct
      ? `args: ${first.type}`
      : parameters
          .map((parameter) => `${parameter.name}: ${parameter.type === 'bool' ? 'boolean' : 'number'}`)
          .join(', ')
    const passed = takesStruct
      ? `write${first.type}(this.#words, this.#arguments, args)`
      : parameters
          .map((parameter) => (parameter.type === 'bool' ? `Number(${parameter.name})` : parameter.name))
          .join(', ')
    const call = `this.#raw.${name}(${passed})`
    const unsigned = result === 'usize' || result === 'u32'
    const statement =
      result === 'void' ? call : `return ${call}${unsigned ? ' >>> 0' : result === 'bool' ? ' !== 0' : ''}`
    const type = result === 'void' ? 'void' : result === 'bool' ? 'boolean' : 'number'
    return `${doc}  ${name}(${list}): ${type} {\n    ${statement}\n  }`
  })
  return `/** The functions of our module. Addresses are byte addresses in the memory that it works on. */
export class KernelExports {
  readonly #raw: RawExports
  readonly #words: Words
  readonly #arguments: number

  /** @param block the address of \`argumentBytes\` bytes, where arguments are written */
  constructor(raw: RawExports, words: Words, block: number) {
    this.#raw = raw
    this.#words = words
    this.#arguments = block
  }

${methods.join('\n\n')}
}`
}
