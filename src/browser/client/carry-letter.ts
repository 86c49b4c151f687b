import { linkWithText } from '../../platform/mail-link.ts'

/**
 * The link to the reader's mail program carries the letter as the reader has changed it. Where the letter is too long
 * for a link, the page says that it is to be pasted, and the press copies it.
 */
export function carryLetter(
  link: HTMLAnchorElement,
  letter: HTMLInputElement | HTMLTextAreaElement,
  copy: (words: string) => void,
): void {
  const toPaste = document.getElementById('letter-to-paste')!
  const carry = () => {
    const { href, isWhole } = linkWithText(link.href, letter.value)
    link.href = href
    toPaste.hidden = isWhole
  }
  letter.addEventListener('input', carry)
  // For what was typed before this script came.
  carry()
  link.addEventListener('click', () => {
    if (!toPaste.hidden) copy(letter.value)
  })
}
