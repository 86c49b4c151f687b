import { type Browser, launch, type Page } from 'puppeteer-core'
import { temporaryFolder } from '../temporary-folder.ts'
import { findFirefox } from './find-firefox.ts'

const HEIGHT = 844
const LAUNCH_TIMEOUT_MS = 60_000

export interface FirefoxOptions {
  /** True unless said otherwise. */
  javaScript?: boolean
  colorScheme?: 'light' | 'dark'
}

/**
 * The second engine. Both choices are preferences of a whole Firefox: WebDriver BiDi
 * can't switch scripts and colours for one window.
 *
 * @throws when it is not installed
 */
export async function launchFirefox({
  javaScript = true,
  colorScheme = 'light',
}: FirefoxOptions = {}): Promise<Browser> {
  const home = temporaryFolder()
  return launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    timeout: LAUNCH_TIMEOUT_MS,
    // Run by root, Firefox refuses the home of somebody else.
    env: { ...process.env, HOME: home, XDG_CACHE_HOME: home },
    extraPrefsFirefox: {
      'javascript.enabled': javaScript,
      'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
      // Whatever asks for another host than this machine gets nothing.
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': 9,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': 9,
      'network.proxy.no_proxies_on': '127.0.0.1',
      // Pages ask for the reader's own clipboard; a test has it alone.
      'dom.events.testing.asyncClipboard': true,
    },
  })
}

export async function openWindow(firefox: Browser, width: number): Promise<Page> {
  const page = await firefox.newPage()
  await page.setViewport({ width, height: HEIGHT })
  return page
}
