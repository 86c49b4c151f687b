import type { Command } from 'commander'
import { servePreview } from '../pages/petition/serve-preview.ts'
import { readPetitionFolder } from '../petition/files/petition-files.ts'
import { readPort } from '../platform/terminal/read-port.ts'

const DEFAULT_PORT = 3001

const HELP = `
Nothing is published, and no database is used. The files are read again for every request: change them,
then reload the page.`

export function addPreviewCommand(petition: Command, untilAskedToStop: () => Promise<void>): void {
  petition
    .command('preview <folder>')
    .description('show the page that a folder makes, on this computer only')
    .option('--port <port>', 'where to show it', readPort, DEFAULT_PORT)
    .addHelpText('after', HELP)
    .action(async (folder: string, { port }: { port: number }) => {
      // What is wrong from the beginning is said here; what comes later is said on the page.
      const { slug, settings } = await readPetitionFolder(folder, { draft: true })
      const asked = untilAskedToStop()
      const preview = await servePreview(folder, port)
      for (const language of settings.languages) {
        console.log(`${preview.url}/${language}/p/${slug}`)
      }
      console.log('Nothing is published. Ctrl-C stops it.')
      await asked
      await preview.close()
    })
}
