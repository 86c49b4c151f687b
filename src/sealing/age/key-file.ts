/** An organiser's key as `age-keygen` writes it, so that every tool of age reads it. */
export function formatKeyFile(key: { identity: string; recipient: string; created: Date }): string {
  const created = key.created.toISOString().replace(/\.\d+Z$/, 'Z')
  return `# created: ${created}\n# public key: ${key.recipient}\n${key.identity}\n`
}
