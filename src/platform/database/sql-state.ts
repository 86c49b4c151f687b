/** The SQLSTATE codes that the program tells apart (PostgreSQL manual, appendix A). */
export const SQL_STATE = {
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  /** `read_only_sql_transaction` */
  readOnly: '25006',
  invalidPassword: '28P01',
  /** `invalid_catalog_name` */
  noSuchDatabase: '3D000',
  deadlock: '40P01',
  noSuchTable: '42P01',
  tooManyConnections: '53300',
  /** The server is starting or stopping. */
  cannotConnectNow: '57P03',
} as const

export const hasSqlState = (error: unknown, ...names: (keyof typeof SQL_STATE)[]): boolean =>
  names.some((name) => (error as { code?: unknown } | null)?.code === SQL_STATE[name])
