import { InvalidArgumentError } from 'commander'

const LARGEST_PORT = 65_535

/** The value of `--port`. */
export function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= LARGEST_PORT) return port
  throw new InvalidArgumentError(
    `give a number from 0 to ${LARGEST_PORT}; 0 takes any that is free`,
  )
}
