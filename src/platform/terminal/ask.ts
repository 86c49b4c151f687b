import { createInterface } from 'node:readline/promises'

/** The terminal to ask at, or a test's replacement. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream & { isTTY?: boolean }
}

// A command's output may go into a file: questions go to standard error.
const own: Terminal = { input: process.stdin, output: process.stderr }

/**
 * Asks for a yes; anything else, the end of the input and Ctrl-C too, is a no.
 * @returns null where there is no terminal
 */
export async function ask(question: string, terminal: Terminal = own): Promise<boolean | null> {
  const { input, output } = terminal
  if (!input.isTTY || !output.isTTY) return null
  const lines = createInterface({ input, output })
  try {
    return await new Promise<boolean>((resolve) => {
      const no = () => resolve(false)
      lines.once('close', no)
      lines.once('SIGINT', no)
      // Rejects with Ctrl-D.
      lines
        .question(`${question} [y/N] `)
        .then((answer) => resolve(/^y(es)?$/i.test(answer.trim())), no)
    })
  } finally {
    lines.close()
  }
}
