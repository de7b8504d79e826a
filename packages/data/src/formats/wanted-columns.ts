import { HeddleError, show, suggest } from '@heddle/core'
import { comparable, placeOfName } from './same-name.ts'

/** The columns of a table from which an input is read: one, or several that belong together. */
export interface WantedColumns {
  /** The file's name, for messages. */
  readonly file: string
  /** The columns by name, or by number from 1 (default: by their usual names, or all where there are no others). */
  readonly columns?: readonly (string | number)[] | undefined
  /** Their usual names, the ones to prefer first: in each entry one name for each column. */
  readonly names: readonly (readonly string[])[]
  /** The places of the columns in a table of the same kind. They are read where nothing else tells them, and the table is wide enough. */
  readonly likely?: LikelyColumns | undefined
}

/** The places of columns in a table of the same kind. */
export interface LikelyColumns {
  /** Counted from 1. */
  readonly columns: readonly number[]
  /** Whether the first row names the columns; then the places say more than usual names do. */
  readonly header: boolean
  /** The number of columns that such a table has at least, and at most where there is a limit. */
  readonly width: number
  readonly widest?: number
  /** Whether some rows of such a table have further cells behind those of the first row, which are no part of the input. */
  readonly isRagged?: boolean
}

export interface FoundPlaces {
  /** Counted from 0. */
  readonly at: readonly number[]
  /** Whether the row that was looked at names the columns. */
  readonly isHeader: boolean
}

/**
 * The places of the columns in a table that starts with these cells.
 *
 * @throws HeddleError `data` where they cannot be told, `usage` for another number of them
 */
export function columnPlaces(cells: readonly string[], wanted: WantedColumns): FoundPlaces {
  const { file, columns, names } = wanted
  const number = names[0]!.length
  if (columns !== undefined && columns.length > 0) return givenPlaces(cells, columns, wanted)
  const known = usualPlaces(cells, names)
  const own = likelyPlaces(cells, wanted)
  if (known !== undefined && own?.isHeader !== true) return { at: known, isHeader: true }
  if (cells.length === number) return { at: [...cells.keys()], isHeader: false }
  if (own !== undefined) return own
  const usual = names.slice(0, 3).map((each) => each.map((name) => show(name)).join(' and '))
  throw new HeddleError(
    'data',
    `${file}: expected ${number === 1 ? 'a column' : `${number} columns, such as`} ${usual.join(', ')} or the like, got ${cells.length} ${cells.length === 1 ? 'column' : 'columns'} that start with ${show(cells.slice(0, 80).join(' | '), 120)}. Name ${number === 1 ? 'the one' : 'those'} to read, or give ${number === 1 ? 'its number' : 'their numbers'} from 1.`,
  )
}

/** Whether the columns of a table that starts with these cells can be told without being given. */
export const canTellColumns = (cells: readonly string[], wanted: WantedColumns): boolean =>
  usualPlaces(cells, wanted.names) !== undefined || likelyPlaces(cells, wanted) !== undefined

function givenPlaces(
  cells: readonly string[],
  columns: readonly (string | number)[],
  { file, names, likely }: WantedColumns,
): FoundPlaces {
  const number = names[0]!.length
  if (columns.length !== number) {
    throw new HeddleError(
      'usage',
      `${file}: expected ${number} ${number === 1 ? 'column' : 'columns'} to read, got ${columns.map((each) => show(each)).join(', ')}. Name each of the ${number === 1 ? 'one' : number}.`,
    )
  }
  let isHeader = usualPlaces(cells, names) !== undefined || likely?.header === true
  const at = columns.map((column) => {
    const byName = placeOfName(cells, String(column))
    if (byName !== -1) {
      isHeader = true
      return byName
    }
    const place = Number(column)
    if (Number.isInteger(place) && place >= 1 && place <= cells.length) return place - 1
    throw new HeddleError(
      'data',
      `${file}: expected a column ${show(column)}, got none. ${suggest(String(column), [...cells])}`,
    )
  })
  return { at, isHeader }
}

function likelyPlaces(
  cells: readonly string[],
  { likely, names }: Pick<WantedColumns, 'likely' | 'names'>,
): FoundPlaces | undefined {
  if (likely === undefined || cells.length < Math.max(names[0]!.length + 1, likely.width)) return undefined
  if (cells.length > (likely.widest ?? Number.POSITIVE_INFINITY)) return undefined
  return { at: likely.columns.map((column) => column - 1), isHeader: likely.header }
}

function usualPlaces(cells: readonly string[], names: readonly (readonly string[])[]): readonly number[] | undefined {
  const lower = cells.map(comparable)
  const found = names.find((each) => each.every((name) => lower.includes(comparable(name))))
  return found?.map((name) => lower.indexOf(comparable(name)))
}
