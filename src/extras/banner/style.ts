// The banner's looks, as a constructed style sheet: a strict policy allows it, and it leaves no trace in the markup.

// An id that nothing has weighs more than any class: a page's own `body button` or `.page p` does not reach in.
const ROOT = '.slotwise-banner:not(#\\_)'

// `&` is the root. Sizes are in em of the browser's own font size, so that they follow the visitor and not the page.
const CSS = `
:root:not(#\\_) {}
:root:not(#\\_)::after {}
& {
  all: initial; position: fixed; inset: auto 0 var(--slotwise-bottom, 0); z-index: 2147483647; display: flex; flex-direction: column; max-height: calc(100dvh - 3em); padding-bottom: env(safe-area-inset-bottom);
  pointer-events: none; font-family: var(--slotwise-font, inherit); line-height: 1.5; overflow-wrap: anywhere; color-scheme: light; color: var(--text);
  --paper: #fff; --ink: #1c2024; --back: var(--slotwise-background, var(--paper)); --text: var(--slotwise-text, var(--ink));
  --accent: var(--slotwise-accent, var(--text)); --on: var(--slotwise-on-accent, var(--back));
  --edge: color-mix(in srgb, var(--text) 56%, var(--back)); --round: var(--slotwise-radius, 1rem);
}
& * { all: revert; box-sizing: border-box; margin: 0; }
& .slotwise-panel, & .slotwise-corner > * { pointer-events: auto; background: var(--back); color: var(--text); border: 1px solid #8884; box-shadow: 0 .5em 2em #0003; }
& .slotwise-panel { overflow: auto; border-radius: var(--round); padding: 1em; display: grid; gap: 1em; }
& section { position: relative; width: min(100% - 1em, 60em); margin: 0 auto 1em; }
& dialog { width: 34em; margin: auto; }
& ::backdrop { background: #0009; }
& .slotwise-words { display: grid; gap: 1em; align-content: start; }
& .slotwise-head { padding-inline-end: 2em; }
& h2 { font-size: 1.3125em; line-height: 1.25; font-weight: 600; text-wrap: balance; outline: 0; }
& .slotwise-purposes { display: grid; gap: 1em 2em; }
& strong { display: block; font-weight: 600; }
& small, & a { display: block; opacity: .8; color: inherit; font-size: .9375em; }
& button, & label, & .slotwise-corner > * { border: 1px solid var(--edge); border-radius: calc(var(--round) * .625); cursor: pointer; min-height: 3em; }
& label { display: flex; gap: .75em; padding: .75em; }
& input { flex: none; font: inherit; width: 1.375em; height: 1.375em; margin: 0; accent-color: var(--accent); cursor: inherit; }
& a { justify-self: start; padding: .75em 0; margin: -.75em 0; text-underline-offset: .2em; }
& .slotwise-actions { display: flex; flex-wrap: wrap; gap: .75em; align-content: end; }
& button { flex: 1 7em; font: inherit; font-size: .9375em; font-weight: 600; line-height: 1.25; padding: .25em; color: var(--text); background: var(--back); }
& .slotwise-actions > :last-child { flex-basis: 100%; }
& .slotwise-main { color: var(--on); background: var(--accent); border-color: var(--accent); }
& button:hover { opacity: .86; }
& .slotwise-close { position: absolute; top: .25em; inset-inline-end: .25em; width: 2em; min-height: 2em; font-size: 1.5em; font-weight: 400; padding: 0; border-color: transparent; }
& :not(h2):focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
& .slotwise-corner { display: flex; flex-wrap: wrap; gap: 1em; padding: 0 1em; align-items: center; align-self: start; }
& .slotwise-corner > * { flex: initial; padding: .75em; margin: 0 0 1em; }
& [role]:empty { position: absolute; clip-path: inset(50%); }
& [hidden] { display: none; }
:root:has([data-slotwise-consent]) .slotwise-banner:not(#\\_) .slotwise-corner button { display: none; }
@media (min-width: 48em) {
  & section { width: min(100% - 2em, 60em); margin-bottom: 1em; }
  & .slotwise-panel { padding: 2em; }
  & .slotwise-box { width: 27em; margin: 0 1em 1em; }
  & .slotwise-bar { grid-template-columns: 1fr 12em; gap: 2em; }
  & .slotwise-bar .slotwise-purposes { grid-template-columns: 1fr 1fr; }
  & .slotwise-bar button { flex-basis: 100%; }
  & .slotwise-bar .slotwise-actions { padding-top: 2em; }
  & .slotwise-bar .slotwise-head { padding: 0; }
}
@media (prefers-color-scheme: dark) {
  & { color-scheme: dark; --paper: #1b1e21; --ink: #f2f4f5; }
}
@media print { & { display: none; } }
`

export interface Dress {
  /** Keeps what is focused out from under the lowest `height` px of the window; `room` lets the end of the page be scrolled up that far. */
  cover(height: number, room: boolean): void
  undo(): void
}

export function dress(doc: Document): Dress {
  try {
    // The constructor of the document's own window: a sheet cannot be adopted by another document.
    const sheet = new (doc.defaultView as Window & typeof globalThis).CSSStyleSheet()
    // What is important here weighs more than what a page calls important, too: "* { all: unset !important }".
    sheet.replaceSync(CSS.replace(/&/g, ROOT).replace(/;/g, '!important;'))
    doc.adoptedStyleSheets = [...doc.adoptedStyleSheets, sheet]
    const [page, end] = sheet.cssRules as unknown as [CSSStyleRule, CSSStyleRule]
    return {
      cover: (height, room) => {
        page.style.scrollPaddingBottom = height ? `${height}px` : ''
        // A box and no margin, which Firefox and WebKit do not scroll to; and no padding, which would squeeze a page as high as the window.
        end.style.cssText = room ? `content: ""; display: block; height: ${height}px` : ''
      },
      undo: () => {
        doc.adoptedStyleSheets = doc.adoptedStyleSheets.filter((one) => one !== sheet)
      },
    }
  } catch {
    // Safari before 16.4 cannot: plain and at the top of the page, the question can still be answered.
    return { cover: () => {}, undo: () => {} }
  }
}
