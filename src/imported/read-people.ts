import type { Hmac } from 'node:crypto'
import { type Columns, mapColumns, type Origin } from './map-columns.ts'
import { ImportError, readRows } from './open-file.ts'
import { type ReadRow, readRow } from './read-row.ts'

const MOST_ROWS = 5_000_000
/** Headings that a message quotes, and how much of each. */
const MOST_QUOTED = 20
const LONGEST_QUOTE = 60

interface Watch {
  hash?: Hmac
  onBytes?: (bytes: number) => void
  onColumns?: (columns: Columns) => void
}

/**
 * The people of a file, some rows at a time.
 *
 * @throws ImportError when it has no columns by which somebody could be recognised, or too many rows
 */
export async function* readPeople(
  path: string,
  origin: Origin,
  { onColumns, ...watch }: Watch = {},
): AsyncGenerator<ReadRow[]> {
  let columns: Columns | null = null
  let count = 0
  for await (const rows of readRows(path, watch)) {
    let own = rows
    if (!columns) {
      columns = mapColumns(rows[0]!.cells)
      requireColumns(path, columns)
      onColumns?.(columns)
      own = rows.slice(1)
    }
    count += own.length
    if (count > MOST_ROWS) {
      throw new ImportError(
        `${path} has more than ${MOST_ROWS} rows: cut it into parts, each with the first line`,
      )
    }
    if (own.length > 0) yield own.map((row) => readRow(row, columns!, origin))
  }
  if (count > 0) return
  throw new ImportError(`${path} has no row below its first line: export it again`)
}

/** Where no column is known, the first line may be somebody's row: no message quotes it. */
function requireColumns(path: string, { at, understood }: Columns): void {
  if (at.size === 0) {
    throw new ImportError(
      `${path} has no headings that are known here: its first line must name the columns, at least "name" and "email"`,
    )
  }
  const found = quoteHeadings(understood)
  if (!at.has('email')) {
    throw new ImportError(
      `${path} has no column of e-mail addresses (its first line: ${found}): without them nobody can be recognised or asked. Name the column "email"; where the other site gives no addresses, add the file as paper: "undersigned paper add"`,
    )
  }
  if (at.has('name') || at.has('first') || at.has('last')) return
  throw new ImportError(
    `${path} has no column of names (its first line: ${found}): name it "name", or "first name" and "last name"`,
  )
}

function quoteHeadings(understood: Columns['understood']): string {
  const most = understood
    .slice(0, MOST_QUOTED)
    .map(({ heading }) => heading.slice(0, LONGEST_QUOTE))
  return most.join(', ') + (understood.length > most.length ? ', …' : '')
}
