export function byId<Found extends HTMLElement = HTMLElement>(id: string): Found {
  return document.getElementById(id) as Found
}

type Attributes = Readonly<Record<string, string | boolean>>

/** Text only ever becomes text: nothing that a signer wrote can become a part of the page. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children)
  return element
}

/** Puts options into a select and keeps what was chosen, if it is still there. */
export function fillSelect(select: HTMLSelectElement, options: readonly [string, string][]): void {
  const chosen = select.value
  select.replaceChildren(...options.map(([value, text]) => make('option', { value }, text)))
  select.value = options.some(([value]) => value === chosen) ? chosen : (options[0]?.[0] ?? '')
}

/** Shows a text, or nothing. */
export function tell(element: HTMLElement, text: string | null): void {
  element.textContent = text ?? ''
  element.hidden = text === null
}
