import type { PictureFile } from '../../petition/files/read-pictures.ts'
import { type EncodedPicture, encodePicture } from '../../picture/encode-picture.ts'

/** A folder's pictures for its preview, encoded as at publishing: once for each file, in memory. */
export function createPreviewPictures() {
  const encoded = new Map<string, EncodedPicture>()
  return {
    /** @throws PictureError naming the file */
    async encode(files: PictureFile[]): Promise<void> {
      for (const { name, source, bytes } of files) {
        if (!encoded.has(source)) encoded.set(source, await encodePicture(name, bytes))
      }
    },
    find: async (_petitionId: number, source: string) => encoded.get(source)?.picture ?? null,
    file: async (name: string) =>
      [...encoded.values()].map(({ files }) => files.get(name)).find(Boolean) ?? null,
  }
}
