import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { HttpError } from '../platform/web/http-error.ts'

/**
 * What a query was refused for, in words that say what to write instead. Handed to Fastify as its
 * schemaErrorFormatter.
 */
export function explainRefusal(errors: FastifySchemaValidationError[]): Error {
  const [first] = errors
  const name = first?.instancePath.slice(1) ?? ''
  const { allowedValues } = (first?.params ?? {}) as { allowedValues?: string[] }
  if (!allowedValues)
    return new HttpError(400, `${name || 'the query'} ${first?.message ?? 'is refused'}`)
  const last = allowedValues.at(-1)
  const choices = `${allowedValues.slice(0, -1).join(', ')} or ${last}`
  const source = name === 'by' ? '; where signatures come from is for the organisers alone' : ''
  return new HttpError(400, `${name} must be one of ${choices}${source}`)
}
