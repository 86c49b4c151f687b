import assert from 'node:assert/strict'
import { it } from 'node:test'
import { registrableDomain } from '../../../src/platform/address/registrable-domain.ts'

const CASES: Record<string, string> = {
  'example.org': 'example.org',
  'a.b.example.org': 'example.org',
  'm7.firm.co.uk': 'firm.co.uk',
  'm7.farm.example': 'farm.example',
  'm7.xn--e1afmkfd.xn--p1ai': 'xn--e1afmkfd.xn--p1ai',
  'm7.firm.xn--o1ac.xn--90a3ac': 'firm.xn--o1ac.xn--90a3ac',
  // Somebody sells names there, which the list has apart, and anybody could put a suffix of their own there.
  'm7.firm.uk.com': 'uk.com',
  'm7.blogspot.com': 'blogspot.com',
  // Large providers, whose names below are other people's.
  'gmail.com': 'gmail.com',
  'poczta.onet.pl': 'poczta.onet.pl',
  'm7.ann.fastmail.com': 'ann.fastmail.com',
  // A suffix itself, which has mailboxes all the same.
  'co.uk': 'co.uk',
}

it('a domain is who registered it, by the public suffix list, and below a large provider its customer', () => {
  for (const [domain, registered] of Object.entries(CASES)) {
    assert.equal(registrableDomain(domain), registered, domain)
  }
})
