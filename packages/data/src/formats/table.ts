import { HeddleError, show, suggest } from '@heddle/core'
import { type Parsed, type ParseOptions, RowCollector } from './parsed.ts'

/** Column names by position. `null` leaves a column out. */
export type Columns = readonly (string | null)[]

/** A row by column name. */
export type TableRow<C extends Columns> = Record<Exclude<C[number], null>, string>

export interface TableOptions<C extends Columns> extends ParseOptions {
  /** Whether the first row names the columns. */
  readonly header?: boolean
  /**
   * With a header: the columns to keep, each of which must be there. Default: all. Without one: the name of each column by
   * position, `null` for a column to leave out.
   */
  readonly columns?: C
  /** Without a header: `'ignore'` leaves out columns after the named ones. Default: `'error'`. */
  readonly moreColumns?: 'error' | 'ignore'
  /** Columns whose cells must not be empty. A row with an empty one is malformed. */
  readonly nonEmpty?: readonly Exclude<C[number], null>[]
}

/** The cells of a row, with the line on which it starts. */
export interface Cells {
  readonly line: number
  readonly cells: readonly string[]
  /** The reason why the row is malformed, where its cells cannot be told apart. */
  readonly problem?: string
  /** Cells that hold a list of texts, by position: those of JSON lines may. */
  readonly lists?: ReadonlyMap<number, readonly string[]>
}

/** Names the cells of each row and checks their number. */
export function readTable<C extends Columns>(
  where: string,
  rows: Iterable<Cells>,
  options: TableOptions<C> & { readonly header: boolean },
): Parsed<TableRow<C>> {
  const { file = 'text', header, columns, moreColumns = 'error', nonEmpty = [] } = options
  if (!header && columns === undefined) {
    throw new HeddleError(
      'usage',
      `${where}: expected columns or header: true, got neither. Name the columns by position.`,
    )
  }
  const collector = new RowCollector<TableRow<C>>(options)
  let layout: Layout | undefined
  if (!header)
    layout = { ...keptColumns(where, columns!, nonEmpty), width: columns!.length, mayBeWider: moreColumns === 'ignore' }
  for (const { line, cells, problem } of rows) {
    if (layout === undefined) {
      if (problem !== undefined) throw new HeddleError('format', `${file}:${line}: ${problem} Correct the header.`)
      layout = headerLayout(where, `${file}:${line}`, cells, columns, nonEmpty)
      continue
    }
    if (problem !== undefined) {
      collector.malformed(line, problem)
      continue
    }
    const { width, mayBeWider, names, indices, required } = layout
    if (cells.length < width || (cells.length > width && !mayBeWider)) {
      const wanted = `${width}${mayBeWider ? ' or more' : ''} column${width === 1 && !mayBeWider ? '' : 's'}`
      collector.malformed(line, `expected ${wanted}, got ${cells.length}: ${showCells(cells)}.`)
      continue
    }
    const empty = required.find((index) => cells[index] === '')
    if (empty !== undefined) {
      collector.malformed(line, `expected text in column ${quoted(names[indices.indexOf(empty)]!)}, got an empty cell.`)
      continue
    }
    collector.add(Object.fromEntries(names.map((name, i) => [name, cells[indices[i]!]])) as TableRow<C>)
  }
  return collector.result()
}

/** A name in single quotes, escaped and cut. */
const quoted = (name: string) => `'${show(name).replace(/^"|"$/g, '')}'`

/** The first cells, as many as a message shows. */
const showCells = (cells: readonly string[]) => show(cells.slice(0, 80).join(' | '))

interface Layout {
  readonly width: number
  readonly mayBeWider: boolean
  readonly names: readonly string[]
  /** The position of each kept column. */
  readonly indices: readonly number[]
  /** The positions of the columns that must not be empty. */
  readonly required: readonly number[]
}

function headerLayout(
  where: string,
  at: string,
  header: readonly string[],
  columns: Columns | undefined,
  nonEmpty: readonly string[],
): Layout {
  const positions = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    if (positions.has(name)) {
      throw new HeddleError(
        'format',
        `${at}: expected each column name once, got ${show(name)} twice. Rename one of them.`,
      )
    }
    positions.set(name, index)
  }
  const { names, required } = keptColumns(where, columns ?? header, nonEmpty)
  const missing = names.filter((name) => !positions.has(name))
  if (missing.length > 0) {
    throw new HeddleError(
      'format',
      `${at}: expected ${missing.length === 1 ? 'a column' : 'columns'} ${missing.slice(0, 20).map(quoted).join(', ')}, ` +
        `got the header ${showCells(header)}. ${suggest(missing[0]!, header)}`,
    )
  }
  const indices = names.map((name) => positions.get(name)!)
  return {
    width: header.length,
    mayBeWider: false,
    names,
    indices,
    required: required.map((at) => positions.get((columns ?? header)[at]!)!),
  }
}

function keptColumns(where: string, columns: Columns, nonEmpty: readonly string[]) {
  const positions = new Map<string, number>()
  for (const [index, name] of columns.entries()) {
    if (name === null) continue
    if (positions.has(name)) {
      throw new HeddleError('usage', `${where}: expected each column once, got ${quoted(name)} twice. Name it once.`)
    }
    positions.set(name, index)
  }
  const names = [...positions.keys()]
  const required = nonEmpty.map((name) => {
    const at = positions.get(name)
    if (at === undefined) {
      throw new HeddleError(
        'usage',
        `${where}: expected nonEmpty to name a column, got ${show(name)}. ${suggest(name, names)}`,
      )
    }
    return at
  })
  return { names, indices: [...positions.values()], required }
}
