import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { armor } from 'age-encryption'
import { addKeysCommands } from '../../src/commands/keys.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import { DEMO } from '../../src/publishing/demo-folders.ts'
import { openSealed } from '../../src/sealing/age/open-sealed.ts'
import { createIdentity } from '../../src/sealing/age/x25519.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand } from '../support/run-command.ts'
import { newKeys } from '../support/sealed-export.ts'
import { get, sign } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { agreed, TESTER } from '../support/tester.ts'

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://elsewhere/db?sslmode=disable',
  SMTP_URL: 'smtp://elsewhere',
  PUBLIC_URL: 'http://petitions.test',
  MAIL_FROM: 'petitions@example.org',
  SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
}

describe('in production', () => {
  const harness = useHarness(PRODUCTION)
  const folder = temporaryFolder()
  const { identity, recipient } = newKeys()
  before(async () => {
    await cp(DEMO, folder, { recursive: true })
    await write('')
  })

  async function write(recipients: string) {
    const yaml = await readFile(join(DEMO, 'petition.yaml'), 'utf8')
    const named = yaml.replace('slug: cop29-baku', `slug: free-them\n${recipients}`)
    await writeFile(join(folder, 'petition.yaml'), named)
  }
  const publish = () => harness.site.publishing.publish(folder, { by: TESTER, agree: agreed })
  const refuses = (why: RegExp) =>
    assert.rejects(
      publish,
      (error) => error instanceof PetitionFilesError && why.test(error.message),
    )

  it('a petition without recipients is not published', () =>
    refuses(/recipients is missing.*keys generate/))

  it('the demonstration is shown and takes no signature, since it has nobody to seal to', async () => {
    const page = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.match(page, /Not open yet/)
    assert.doesNotMatch(page, /<form/)
    assert.equal((await sign(harness, { email: 'early@example.org' })).status, 403)
    assert.deepEqual(await harness.site.db.selectFrom('signature').select('id').execute(), [])
    const api = await (await get(harness, '/api/v1/petitions/cop29-baku')).text()
    assert.match(api, /"status":"upcoming"/)
  })

  it('a mistyped recipient is named', async () => {
    await write(`recipients: [${recipient.slice(0, -1)}${recipient.endsWith('x') ? 'z' : 'x'}]`)
    await refuses(/recipients has "age1.*is no public key/)
  })

  it('a recipient whose holder has proved nothing is refused', async () => {
    await write(`recipients: [${recipient}]`)
    await refuses(/age1\w+ has not been proved.*keys challenge/)
  })

  it('the challenge opens with its key alone, and a wrong answer proves nothing', async () => {
    const { recipients } = harness.site
    const file = armor.decode(await recipients.makeChallenge(recipient))
    const other = newKeys().identity
    assert.equal(await openSealed([createIdentity(other)], file), null)
    const opened = await openSealed([createIdentity(identity)], file)
    const answer = Buffer.from(opened!).toString().trim()
    assert.match(answer, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    for (const wrong of ['', 'AAAA-AAAA-AAAA-AAAA', answer.slice(0, -1), `${answer}0`]) {
      assert.equal(await recipients.prove(recipient, wrong, TESTER), false)
    }
    const told = await runCommand(harness.site, addKeysCommands, ['keys', 'prove', recipient, 'A'])
    assert.match(told.errors, /not the answer: "undersigned keys answer" prints it/)
    await refuses(/has not been proved/)
    const typed = ` ${answer.toLowerCase().replaceAll('-', ' ')} `
    assert.equal(await recipients.prove(recipient, typed, TESTER), true)
    assert.equal(await recipients.prove(recipient, answer, TESTER), true, 'again')
  })

  it('a proved one opens the petition', async () => {
    assert.equal((await publish()).slug, 'free-them')
    const answer = await sign(harness, { email: 'first@example.org' }, 'en', 'free-them')
    assert.equal(answer.status, 303)
    const page = await (await get(harness, '/en/p/free-them')).text()
    assert.doesNotMatch(page, /class="demo-key"/)
  })

  it('one of several that is not proved keeps the petition from changing', async () => {
    const another = newKeys().recipient
    await write(`recipients: [${recipient}, ${another}]`)
    await refuses(new RegExp(`${another} has not been proved`))
  })

  it('without its proof a petition takes no signature, however it came to be there', async () => {
    await harness.site.db.deleteFrom('proved_recipient').execute()
    const answer = await sign(harness, { email: 'second@example.org' }, 'en', 'free-them')
    assert.equal(answer.status, 403)
  })
})
