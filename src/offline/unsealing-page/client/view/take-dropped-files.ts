import { takeDropped } from './choose-files.ts'
import { byId } from './elements.ts'

/** Anywhere on the page: beside a target the browser would leave the page and show the file instead. */
export function takeDroppedFiles(): void {
  const root = document.documentElement
  addEventListener('dragover', (event) => {
    event.preventDefault()
    root.classList.toggle('dropping', isChoosing())
  })
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) root.classList.remove('dropping')
  })
  addEventListener('drop', async (event) => {
    event.preventDefault()
    root.classList.remove('dropping')
    if (!isChoosing()) return
    for (const file of event.dataTransfer?.files ?? []) await takeDropped(file)
  })
}

const isChoosing = () => byId('choose').offsetParent !== null
