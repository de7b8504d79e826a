import { HeddleError, show, suggest } from '@heddle/core'
import { type Parsed, type ParseOptions, RowCollector } from './parsed.ts'

/** Column names by position; `null` stands for a column that is not kept. */
export type Columns = readonly (string | null)[]

/** A row by column name. */
export type TableRow<C extends Columns> = Record<Exclude<C[number], null>, string>

export interface TableOptions<C extends Columns> extends ParseOptions {
  /** Whether the first row names the columns. */
  readonly header?: boolean
  /**
   * With a header: the columns to keep, each of which must be there (default: all). Without one: the name of each column by
   * position, `null` for a column to leave out.
   */
  readonly columns?: C
  /** Without a header: whether rows may have more columns than are named, which are then left out. Default: `'error'`. */
  readonly moreColumns?: 'error' | 'ignore'
  /** Columns whose cells must not be empty: a row with an empty one is malformed. */
  readonly nonEmpty?: readonly Exclude<C[number], null>[]
}

/** A row's cells, with the line on which it starts. */
export interface Cells {
  readonly line: number
  readonly cells: readonly string[]
  /** What makes the row malformed before its cells are looked at. */
  readonly problem?: string
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
      collector.malformed(line, `expected ${wanted}, got ${cells.length}: ${show(cells.join(' | '))}.`)
      continue
    }
    const empty = required.find((index) => cells[index] === '')
    if (empty !== undefined) {
      collector.malformed(line, `expected text in column '${names[indices.indexOf(empty)]}', got an empty cell.`)
      continue
    }
    collector.add(Object.fromEntries(names.map((name, i) => [name, cells[indices[i]!]])) as TableRow<C>)
  }
  return collector.result()
}

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
  const twice = header.find((name, i) => header.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new HeddleError(
      'format',
      `${at}: expected each column name once, got ${show(twice)} twice. Rename one of them.`,
    )
  }
  const { names, required } = keptColumns(where, columns ?? header, nonEmpty)
  const missing = names.filter((name) => !header.includes(name))
  if (missing.length > 0) {
    throw new HeddleError(
      'format',
      `${at}: expected ${missing.length === 1 ? 'a column' : 'columns'} ${missing.map((name) => `'${name}'`).join(', ')}, ` +
        `got the header ${show(header.join(' | '))}. ${suggest(missing[0]!, header)}`,
    )
  }
  const indices = names.map((name) => header.indexOf(name))
  return {
    width: header.length,
    mayBeWider: false,
    names,
    indices,
    required: required.map((at) => indices[names.indexOf((columns ?? header)[at]!)]!),
  }
}

function keptColumns(where: string, columns: Columns, nonEmpty: readonly string[]) {
  const indices: number[] = []
  const names: string[] = []
  for (const [index, name] of columns.entries()) {
    if (name === null) continue
    if (names.includes(name))
      throw new HeddleError('usage', `${where}: expected each column once, got '${name}' twice.`)
    names.push(name)
    indices.push(index)
  }
  const required = nonEmpty.map((name) => {
    const at = names.indexOf(name)
    if (at === -1)
      throw new HeddleError(
        'usage',
        `${where}: expected nonEmpty to name a column, got ${show(name)}. ${suggest(name, names)}`,
      )
    return indices[at]!
  })
  return { names, indices, required }
}
