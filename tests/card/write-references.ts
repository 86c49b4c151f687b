/** Writes the pictures that cards are compared with: `node --import tsx tests/card/write-references.ts`. Look at them. */
import { writeFile } from 'node:fs/promises'
import { CARDS, drawSmall, referenceOf } from './scripts.ts'

for (const [script, card] of Object.entries(CARDS)) {
  await writeFile(referenceOf(script), await drawSmall(card))
}
