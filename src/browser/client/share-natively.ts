/** A browser forgets soon that the reader pressed, and then shares nothing. */
const CARD_WITHIN_MS = 1500
const TYPE = 'image/png'

/** The device's own sharing, with the petition's card as a picture where the device takes one. */
export function shareNatively(button: HTMLElement): void {
  const { url = '', text = '', card } = button.dataset
  button.hidden = !navigator.share
  let loading: Promise<File | null> | null = null
  const load = () => {
    loading ??= card && takesPictures() ? loadCard(card) : Promise.resolve(null)
  }
  // While the finger is still on its way: a reader who doesn't share loads no picture.
  for (const event of ['pointerenter', 'pointerdown', 'focus']) button.addEventListener(event, load)

  button.addEventListener('click', async () => {
    load()
    const late = new Promise<null>((resolve) => setTimeout(resolve, CARD_WITHIN_MS, null))
    const file = await Promise.race([loading, late])
    // Beside a picture some apps drop the address, but no text.
    const shared = file ? { files: [file], text: `${text} ${url}` } : { url, text }
    // Rejected when the reader closes the sheet again, which needs no word.
    navigator.share(shared).catch(() => {})
  })
}

function takesPictures(): boolean {
  const files = [new File([], 'petition.png', { type: TYPE })]
  return navigator.canShare?.({ files }) ?? false
}

async function loadCard(path: string): Promise<File | null> {
  try {
    const answer = await fetch(path)
    if (!answer.ok) return null
    return new File([await answer.blob()], 'petition.png', { type: TYPE })
  } catch {
    return null
  }
}
