import type { Command } from 'commander'
import { takeAllTheTime } from '../platform/database/take-all-the-time.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import type { Site } from '../site.ts'
import { noSuchPetition } from './no-such-petition.ts'
import { CommandError, type Open } from './open-site.ts'

const HELP = `
The file is sealed: only the organisers' keys open it, with "undersigned unseal" or the unsealing page.
The server can't, and needs no key to write it. Its first line holds the public log's checkpoint, and each
record the number of its entry there, which is how an audit finds it.

Example:
  undersigned export signatures cop29-baku --out signatures.jsonl`

/** @param group the `export` command */
export function addExportSignaturesCommand(group: Command, open: Open): void {
  group
    .command('signatures')
    .description('the sealed records of everyone who signed, for the organisers to open offline')
    .argument('<slug>', 'the petition, as in its address')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addHelpText('after', HELP)
    .action((slug: string, { out }: { out: string }) =>
      open((site) => exportSignatures(site, slug, out)),
    )
}

async function exportSignatures(
  { db, petitions, signatures }: Site,
  slug: string,
  out: string,
): Promise<void> {
  const petition = await petitions.find(slug)
  if (!petition) throw noSuchPetition(slug)
  if (petition.settings.recipients.length === 0) {
    throw new CommandError(`${slug} has no recipients, so nothing of it was sealed`)
  }
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await takeAllTheTime(trx)
      await writeFileWhole(out, countLines(signatures.readSealed(trx, petition)))
      if (await signatures.waitsForSealing(trx, petition.id)) {
        console.error('Some confirmed signatures are not sealed yet and not in this file.')
      }
    })
}

/** Tells a person how far it is; a pipe or a log gets the last line only. */
async function* countLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const { isTTY } = process.stderr
  let records = -1
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) records++
    if (isTTY && records > 0) process.stderr.write(`\r${records} records`)
    yield chunk
  }
  process.stderr.write(`${isTTY ? '\r' : ''}${records} sealed records exported.\n`)
}
