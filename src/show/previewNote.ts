// The note on a page that is previewed: what is shown ahead, and a button that ends it.

const CSS = `
:host { all: initial; position: fixed; inset-block-start: .75rem; inset-inline-end: .75rem; z-index: 2147483647; max-width: calc(100vw - 1.5rem); color-scheme: light dark; }
section {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; box-sizing: border-box; padding: .25rem .25rem .25rem 1rem;
  font: 500 .875rem/1.4 system-ui, sans-serif; color: #1c2024; background: #fff; border: 1px solid #8b9096; border-radius: .75rem; box-shadow: 0 .25rem 1.25rem #0003;
}
p { margin: .375rem 0; flex: 1 1 9rem; min-width: 0; max-width: 26rem; overflow-wrap: anywhere; }
small { display: block; font-size: .8125rem; font-weight: 400; color: #51575d; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0 .875rem; color: inherit; background: #eef0f2; border: 1px solid #8b9096; border-radius: .5rem; cursor: pointer; }
button:hover { background: #e1e4e7; }
button:focus-visible { outline: 3px solid; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  section { color: #f2f4f5; background: #1b1e21; border-color: #7a8087; }
  small { color: #b6bcc2; }
  button { background: #2c3136; border-color: #7a8087; }
  button:hover { background: #383e44; }
}
@media print { :host { display: none; } }
`

/** Gives its undo. In a shadow root, so that page and note leave each other alone. */
export function previewNote(document: Document, says: string[], end: () => void): () => void {
  const host = document.createElement('div')
  host.setAttribute('data-slotwise-preview', '')
  const shadow = host.attachShadow({ mode: 'open' })
  try {
    // A constructed sheet passes a strict policy.
    const sheet = new (document.defaultView as Window & typeof globalThis).CSSStyleSheet()
    sheet.replaceSync(CSS)
    shadow.adoptedStyleSheets = [sheet]
  } catch {
    // Safari before 16.4 cannot: a plain note at the end of the page.
  }
  const make = (name: string, text = '', ...inside: Node[]): HTMLElement => {
    const element = document.createElement(name)
    element.append(text, ...inside)
    return element
  }
  const button = make('button', 'End preview')
  button.addEventListener('click', end)
  const note = make('section', '', make('p', `Preview: ${says.join(', ')}`, make('small', 'Nothing previewed is counted.')), button)
  note.setAttribute('aria-label', 'Slotwise preview')
  shadow.append(note)
  const place = document.body ?? document.documentElement
  place.append(host)
  return () => host.remove()
}
