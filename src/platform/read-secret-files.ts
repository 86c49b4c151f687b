import { readFileSync } from 'node:fs'
import { decodeText, explainEncoding } from './files/decode-text.ts'
import { ConfigError } from './parse-setting.ts'

/**
 * NAME_FILE names a file with NAME's value: Compose and Kubernetes pass secrets so.
 *
 * @throws ConfigError where a file can't be read, or both are set
 */
export function readSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const name of names) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: keep one of them`)
    secrets[name] = readSecretFile(`${name}_FILE`, path)
  }
  return secrets
}

function readSecretFile(variable: string, path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(`${variable} names ${path}, which can't be read (${code})`)
  }
  const text = decodeText(bytes)?.trim()
  if (text === undefined) throw new ConfigError(`${variable}: ${explainEncoding(bytes, path)}`)
  if (!text) throw new ConfigError(`${variable} names ${path}, which is empty`)
  return text
}
