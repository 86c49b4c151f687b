import { byId } from './elements.ts'

/** Reminds of the network while there seems to be one. This page can't use it; other programs can. */
export function watchNetwork(): void {
  const show = () => {
    byId('online').hidden = !navigator.onLine
  }
  addEventListener('online', show)
  addEventListener('offline', show)
  show()
}
