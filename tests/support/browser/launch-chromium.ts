import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { unpackChromium } from './unpack-chromium.ts'

const USUAL_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
      `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
    ]),
}

/** A host without HTTPS to which browsers give no cryptography of their own, as to every address but this machine's. */
export const ONION = 'signatures.onion'

/** Another site, a newspaper's, whose pages hold frames of ours. */
export const HERALD = 'herald.example'

/** On top of playwright's own, which keep the browser from phoning home. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  // As browsers do that keep cookies and storage from the frames of other sites.
  '--test-third-party-cookie-phaseout',
  // Whatever asks for another host than this machine gets nothing. An onion service's name leads here, over plain http.
  `--host-resolver-rules=MAP ${ONION} 127.0.0.1, MAP ${HERALD} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
]

const LAUNCH_TIMEOUT_MS = 60_000

interface Candidate {
  executablePath: string
  env?: Record<string, string | undefined>
}

/**
 * A browser that this machine can run: CHROMIUM_PATH's, and no other, when it is set; else one that
 * is installed; else the one that comes as an npm package, if need be with the libraries it brings.
 */
export async function launchChromium(): Promise<Browser> {
  const failures: string[] = []
  for await (const { executablePath, env } of candidates()) {
    try {
      const options = { executablePath, env, args: FLAGS, timeout: LAUNCH_TIMEOUT_MS }
      return await chromium.launch(options)
    } catch (error) {
      failures.push(`${executablePath}: ${(error as Error).message}`)
    }
  }
  throw new Error(
    ['no Chromium could be started: install one, or set CHROMIUM_PATH to it', ...failures].join(
      '\n',
    ),
  )
}

async function* candidates(): AsyncGenerator<Candidate> {
  const { env, platform, arch } = process
  if (env.CHROMIUM_PATH) {
    yield { executablePath: env.CHROMIUM_PATH }
    return
  }
  const installed = [...(USUAL_PLACES[platform] ?? []), chromium.executablePath()]
  for (const executablePath of installed) if (existsSync(executablePath)) yield { executablePath }
  if (platform !== 'linux' || arch !== 'x64') return
  const { executable: executablePath, libraries, fonts } = await unpackChromium()
  const withFonts = { ...env, FONTCONFIG_PATH: fonts }
  yield { executablePath, env: withFonts }
  yield { executablePath, env: { ...withFonts, LD_LIBRARY_PATH: libraries } }
}
