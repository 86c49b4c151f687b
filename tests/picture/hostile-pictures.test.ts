import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { encodePicture } from '../../src/picture/encode-picture.ts'
import { PictureError } from '../../src/picture/read-picture.ts'
import { makePicture } from './make-picture.ts'

/** A PNG that says how large it is and holds next to nothing. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(9))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** With a comment, as a JPEG may have it, before everything else. */
const withComment = (jpeg: Buffer, text: string) => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length + 2)
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xfe]),
    length,
    Buffer.from(text),
    jpeg.subarray(2),
  ])
}

describe('a file that is no picture for a page is refused in one line', () => {
  let photo: Buffer
  before(async () => {
    photo = await makePicture()
  })

  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>1</script></svg>'
  /** Two, one black and one white. */
  const frames = () => {
    const pixels = Buffer.concat([Buffer.alloc(700 * 700 * 3), Buffer.alloc(700 * 700 * 3, 255)])
    const raw = { width: 700, height: 1400, channels: 3, pageHeight: 700 } as const
    return sharp(pixels, { raw })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer()
  }
  const cases: [string, () => Buffer | Promise<Buffer>, RegExp][] = [
    ['nothing at all', () => Buffer.alloc(0), /is no JPEG, PNG or WebP/],
    ['an SVG with a script', () => Buffer.from(svg), /is no JPEG, PNG or WebP/],
    ['a text', () => Buffer.from('photo, to follow'), /is no JPEG, PNG or WebP/],
    ['a GIF', () => sharp(photo).gif().toBuffer(), /is no JPEG, PNG or WebP/],
    ['a TIFF', () => sharp(photo).tiff().toBuffer(), /is no JPEG, PNG or WebP/],
    ['a bomb of four billion pixels', () => pngOf(65_000, 65_000), /more than 50 million/],
    ['a PNG without pixels', () => pngOf(900, 600), /damaged or cut off/],
    ['half of a photo', () => photo.subarray(0, photo.length / 2), /damaged or cut off/],
    ['a photo without its last bytes', () => photo.subarray(0, -400), /damaged or cut off/],
    ['16 MB', () => Buffer.concat([photo, Buffer.alloc(16e6)]), /has 17 MB, more than 15/],
    ['a ribbon', () => makePicture({ width: 2100, height: 300 }), /too narrow for a page/],
    ['a film', frames, /moves: save one of its frames/],
    [
      'a photo with a program',
      () => withComment(photo, '<script>alert(1)</script>'),
      /a web page as well/,
    ],
    [
      'a photo with an archive',
      () => Buffer.concat([photo, zipSync({ a: new Uint8Array(9) })]),
      /an archive as well/,
    ],
    [
      'a photo with a document',
      () => Buffer.concat([photo, Buffer.from('%PDF-1.7\n')]),
      /a PDF as well/,
    ],
  ]
  for (const [what, make, why] of cases) {
    it(what, async () => {
      const error = await encodePicture('photo.jpg', await make()).then(
        () => assert.fail('it was taken'),
        (reason: Error) => reason,
      )
      assert.ok(error instanceof PictureError, error.stack)
      assert.match(error.message, why)
      assert.match(error.message, /^photo\.jpg: [^\n]+: [^\n]+$/)
    })
  }
})

describe('a picture is made anew from its pixels', () => {
  it('in three formats and widths up to its own, without what the camera wrote', async () => {
    const photo = await makePicture({ width: 500, height: 300 })
    assert.match(photo.toString('latin1'), /Secret Person/)
    const { picture, files } = await encodePicture('photo.jpg', photo)
    assert.deepEqual(
      picture.sizes.map(({ width, height }) => [width, height]),
      [
        [400, 240],
        [500, 300],
      ],
    )
    for (const [name, bytes] of files) {
      assert.doesNotMatch(bytes.toString('latin1'), /Secret Person|Exif/, name)
      assert.equal((await sharp(bytes).metadata()).exif, undefined, name)
    }
  })

  it('and what a phone loads keeps to its budget, however much grain there is', async () => {
    const { picture, files } = await encodePicture(
      'p.jpg',
      await makePicture({ width: 800, height: 450, grain: 60 }),
    )
    const phone = picture.sizes.find(({ width }) => width === 800)!
    const { length } = files.get(phone.avif)!
    assert.ok(length <= 30_000, `${length} bytes`)
  })

  it('one that lies on its side in the file stands upright', async () => {
    const upright = await sharp(await makePicture({ width: 300, height: 200 }))
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { picture } = await encodePicture('p.jpg', upright)
    assert.equal(picture.sizes.at(-1)!.width, 200)
  })
})
