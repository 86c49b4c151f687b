import sharp from 'sharp'

/** A picture with some grain, as cameras make it: flat colours would compress to nothing. */
export async function makePicture({
  width = 1000,
  height = 600,
  grain = 20,
}: {
  width?: number
  height?: number
  grain?: number
} = {}): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: grain } as const
  return sharp({ create: { width, height, channels: 3, noise, background: '#808080' } })
    .jpeg({ quality: 90 })
    .withExif({ IFD0: { Copyright: 'Secret Person' }, IFD3: { GPSLatitude: '40/1 22/1 0/1' } })
    .toBuffer()
}
