import { HtmlValidate, StaticConfigLoader } from 'html-validate'

/** What the HTML standard asks for and nothing of taste. */
const validator = new HtmlValidate(
  new StaticConfigLoader({ extends: ['html-validate:standard'], root: true }),
)

/**
 * What is wrong with a page as it is sent, by the HTML standard; empty when nothing is. The last three rules
 * are the standard's, too, and html-validate has none for them.
 */
export async function faultsOf(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  const faults = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  )
  const tags = [...html.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML, 13.2.3.5, forbids just these.
  if (/[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]/.test(html)) faults.push('a control character')
  // HTML, 6.6.7: one element of a document.
  const focused = tags.filter((tag) => / autofocus[ >=]/.test(tag))
  if (focused.length > 1) faults.push(`autofocus: ${focused.length} elements have it`)
  // HTML, 4.12.1: a module is deferred, and must not say so.
  const deferred = tags.filter((tag) => /^<script.* type="module".* defer[ >=]/.test(tag))
  return [...faults, ...deferred.map((tag) => `defer: ${tag}`)]
}
