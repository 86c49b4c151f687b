export interface OembedLinks {
  json: string
  xml: string
}

/** For the head of a petition's page, by which consumers find us. @param path of the page, with whom it credits */
export function oembedLinks(publicUrl: string, path: string): OembedLinks {
  const link = (format: string) =>
    `${publicUrl}/oembed?${new URLSearchParams({ url: publicUrl + path, format })}`
  return { json: link('json'), xml: link('xml') }
}
