import { after, before } from 'node:test'
import { getDemo } from '../demo.ts'
import { TESTER } from '../tester.ts'
import { type LiveSite, startLiveSite } from './live-site.ts'
import { startNewsSite } from './news-site.ts'

type NewsSite = Awaited<ReturnType<typeof startNewsSite>>

/**
 * A live site and a newspaper at another one, which is a partner by the code of its link. For all tests of the
 * `describe` that calls it; empty until its first hook or test.
 */
export function useNewspaper(): { site: LiveSite; news: NewsSite; partner: { code: string } } {
  const paper = { site: {} as LiveSite, news: {} as NewsSite, partner: { code: '' } }
  before(async () => {
    Object.assign(paper.site, await startLiveSite())
    Object.assign(paper.news, await startNewsSite())
    const { harness } = paper.site
    const petition = await getDemo(harness)
    const link = await harness.site.sharing.createPartnerLink(
      petition,
      'The Example Herald',
      TESTER,
    )
    paper.partner.code = link.code
  })
  after(async () => {
    await paper.news.close()
    await paper.site.close()
  })
  return paper
}
