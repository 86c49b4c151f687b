import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readMoment } from '../../src/petition/files/read-moment.ts'
import { isZone, momentOf, nameOf, toIso, wallClock } from '../../src/platform/i18n/zone.ts'

const since = new Date('2024-03-01T09:30:00Z')
const read = (text: string, { end = false, own = 'Europe/Vienna' as string | null } = {}) => {
  const moment = readMoment(text, { end, own, since })
  return moment && toIso(moment.at, moment.zone)
}

describe('a moment as organisers write it', () => {
  it('has the zone that stands behind it, else that of the file', () => {
    const cases: [string, string][] = [
      ['2030-03-01T09:00:30+01:00', '2030-03-01T09:00:30+01:00'],
      ['2030-03-01 09:00+05:45', '2030-03-01T09:00:00+05:45'],
      ['2030-03-01T09:00Z', '2030-03-01T09:00:00Z'],
      ['2030-07-01 09:00 Europe/Paris', '2030-07-01T09:00:00+02:00'],
      ['2030-03-01T09:00[Asia/Baku]', '2030-03-01T09:00:00+04:00'],
      ['2030-03-01T09:00', '2030-03-01T09:00:00+01:00'],
      ['2030-07-01T09:00', '2030-07-01T09:00:00+02:00'],
      ['+90d', '2024-05-30T11:30:00+02:00'],
      ['-2d', '2024-02-28T10:30:00+01:00'],
    ]
    for (const [text, iso] of cases) assert.equal(read(text), iso, text)
  })

  it('that is a day alone begins as it begins, and ends as it ends', () => {
    assert.equal(read('2030-07-01'), '2030-07-01T00:00:00+02:00')
    assert.equal(read('2030-07-01', { end: true }), '2030-07-01T23:59:59+02:00')
    assert.equal(read('2030-07-01 Asia/Baku', { end: true }), '2030-07-01T23:59:59+04:00')
  })

  it('without any zone is none, and neither is a day that no calendar has', () => {
    const own = null
    assert.equal(read('2030-03-01', { own }), null)
    assert.equal(read('2030-03-01T09:00', { own }), null)
    assert.equal(read('+90d', { own }), '2024-05-30T09:30:00Z')
    for (const text of [
      '2030-02-30',
      '2030-13-01',
      '2030-03-01T24:00',
      '2030-03-01T09:60',
      '2030-03-01 09:00 Mars/Olympus',
      '2030-03-01 09:00 valueOf',
      '2030-03-01T09:00+25:00',
      '1 March 2030',
      '2030-3-1',
      '',
      '90d',
      '+90000d',
    ]) {
      assert.equal(read(text), null, text)
    }
  })

  it('that clocks leap over or show twice is still one moment', () => {
    assert.equal(read('2030-03-31T02:30'), '2030-03-31T03:30:00+02:00')
    assert.equal(read('2030-10-27T02:30'), '2030-10-27T02:30:00+02:00')
    // Where summer begins at midnight, the day begins an hour later.
    assert.equal(read('2030-04-26 Africa/Cairo'), '2030-04-26T01:00:00+03:00')
  })
})

describe('a zone', () => {
  it('is an offset, Z, or a name that the world has', () => {
    for (const zone of ['Z', 'UTC', '+04:00', '-03:30', 'Asia/Baku', 'Europe/Minsk', 'CET']) {
      assert.ok(isZone(zone), zone)
    }
    for (const zone of [
      '',
      '+4',
      '+24:00',
      'GMT+4!',
      'constructor',
      'Asia/Bakuu',
      '../etc',
      'a b',
    ]) {
      assert.ok(!isZone(zone), zone)
    }
  })

  it('is named as people read it', () => {
    const day = new Date('2030-07-01T00:00:00Z')
    const names: [string, string][] = [
      ['Z', 'UTC'],
      ['UTC', 'UTC'],
      ['+00:00', 'UTC'],
      ['+04:00', 'UTC+4'],
      ['-03:30', 'UTC−3:30'],
      ['Europe/Vienna', 'Europe/Vienna, UTC+2'],
    ]
    for (const [zone, name] of names) assert.equal(nameOf(zone, day), name)
  })

  it('leads from the clock on its wall to the moment and back', () => {
    const zones = ['Z', '+05:45', '-09:30', 'Europe/Vienna', 'Asia/Baku', 'Australia/Lord_Howe']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 1_600_000_000, max: 2_200_000_000 }),
        (zone, seconds) => {
          const moment = new Date(seconds * 1000)
          const wall = wallClock(moment, zone)
          assert.equal(wallClock(momentOf(wall.getTime(), zone), zone).getTime(), wall.getTime())
          assert.equal(new Date(toIso(moment, zone)).getTime(), moment.getTime())
        },
      ),
    )
  })
})
