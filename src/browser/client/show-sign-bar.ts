/** The bar sticks to the foot of a narrow screen and steps aside while the form is in view. */
export function showSignBar(bar: HTMLElement): void {
  const form = document.getElementById('sign')
  if (!form || !('IntersectionObserver' in window)) return
  bar.classList.add('sticky')
  new IntersectionObserver(([entry]) => {
    bar.classList.toggle('aside', entry?.isIntersecting ?? false)
  }).observe(form)
}
