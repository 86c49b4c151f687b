import { copyDemo } from '../demo.ts'
import type { Harness } from '../harness.ts'
import { agreed, TESTER } from '../tester.ts'

const DAYS = 14
const ON = '2024-02-20'

/** One state, with its address behind the language's. */
export interface StagedPetition {
  name: string
  path: string
}

/** The demonstration once more in each stage that a petition can come to. */
export async function stagePetitions({ site }: Harness): Promise<StagedPetition[]> {
  const { publishing } = site
  async function publish(slug: string, as: 'draft' | 'published' = 'published'): Promise<string> {
    const folder = copyDemo()
    await folder.change('petition.yaml', /^slug:.*/m, `slug: ${slug}`)
    await publishing.publish(folder.path, { by: TESTER, agree: agreed, as, isDemo: true })
    return slug
  }
  const named = (slug: string) => ({ name: `the ${slug} petition`, path: `/p/${slug}` })
  const to = { en: 'the council', az: 'şuraya', ru: 'совет', be: 'савет' }

  const draft = await publish('draft', 'draft')
  const preview = (await publishing.changePreview(draft, TESTER, DAYS))!
  await publishing.pause(await publish('paused'), TESTER, { reason: 'flood', words: {} })
  await publishing.hide(await publish('hidden'), TESTER)
  await publishing.delete(await publish('deleted'), TESTER, agreed)
  for (const slug of ['delivered', 'answered']) {
    await publishing.close(await publish(slug), TESTER, agreed)
    await publishing.markDelivered(slug, TESTER, { on: ON, to }, agreed)
  }
  const url = 'https://example.org/answer'
  await publishing.markAnswered('answered', TESTER, { on: ON, url })
  return [
    { name: 'the preview of a draft', path: `/preview/${preview.token}` },
    { name: 'the preview that is over', path: `/preview/${'A'.repeat(preview.token.length)}` },
    ...['paused', 'hidden', 'deleted', 'delivered', 'answered'].map(named),
  ]
}
