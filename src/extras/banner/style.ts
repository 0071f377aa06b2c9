// The banner's looks, as a constructed style sheet: a strict policy allows it, and it leaves no trace in the markup.

// An id that nothing has weighs more than any class: a page's own `body button` or `.page p` does not reach in.
const ROOT = '.slotwise-banner:not(#\\_)'

// `&` is the root. Sizes are in em of the browser's own font size, so that they follow the visitor and not the page.
const CSS = `
:root:not(#\\_) {}
:root:not(#\\_)::after {}
& {
  all: initial; position: fixed; inset: auto 0 0; z-index: 2147483647;
  display: flex; flex-direction: column; max-height: calc(100vh - 3em); max-height: calc(100dvh - 3em);
  pointer-events: none; font-family: var(--slotwise-font, inherit); line-height: 1.5; overflow-wrap: anywhere; color-scheme: light; color: var(--text);
  --back: var(--slotwise-background, #fff); --text: var(--slotwise-text, #1c2024);
  --accent: var(--slotwise-accent, #1c2024); --on: var(--slotwise-on-accent, #fff);
  --soft: color-mix(in srgb, var(--text) 76%, var(--back)); --line: color-mix(in srgb, var(--text) 16%, var(--back));
  --edge: color-mix(in srgb, var(--text) 56%, var(--back)); --round: var(--slotwise-radius, 1rem);
}
& * { all: revert; box-sizing: border-box; margin: 0; }
& section, & .slotwise-corner > * { pointer-events: auto; background: var(--back); color: var(--text); border: 1px solid var(--line); box-shadow: 0 .5em 2.5em #0003; }
& section {
  position: relative; overflow: auto; overscroll-behavior: contain; min-height: 0; border-width: 1px 0 0; border-radius: var(--round) var(--round) 0 0;
  padding: 1.25em; padding-bottom: max(1.25em, env(safe-area-inset-bottom)); display: grid; gap: 1.25em;
}
& .slotwise-words { display: grid; gap: 1em; align-content: start; }
& .slotwise-head { padding-inline-end: 2.5em; }
& h2 { font-size: 1.3125em; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
& .slotwise-who { color: var(--soft); font-size: .9375em; margin-bottom: .2em; }
& .slotwise-purposes { display: grid; gap: .875em 2em; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17em), 1fr)); }
& strong { display: block; font-weight: 600; }
& .slotwise-line { display: block; color: var(--soft); font-size: .9375em; }
& label { display: flex; gap: .75em; align-items: start; padding: .75em .875em; border: 1px solid var(--edge); border-radius: calc(var(--round) * .625); cursor: pointer; min-height: 2.75em; }
& input { flex: none; font: inherit; width: 1.375em; height: 1.375em; margin: .0625em 0 0; accent-color: var(--accent); cursor: inherit; }
& a { justify-self: start; color: inherit; font-size: .9375em; line-height: 1.5; padding: .65em 0; margin: -.65em 0; text-underline-offset: .2em; min-height: 44px; }
& .slotwise-actions { display: grid; gap: .625em; align-content: center; grid-template-columns: repeat(auto-fit, minmax(min(100%, max(8em, 50% - .3125em)), 1fr)); }
& button {
  font: inherit; font-size: .9375em; font-weight: 600; line-height: 1.25; min-height: 3.2em; padding: .5em; cursor: pointer;
  color: var(--text); background: var(--back); border: 2px solid var(--edge); border-radius: calc(var(--round) * .625);
}
& .slotwise-actions > :last-child { grid-column: 1 / -1; }
& .slotwise-main { color: var(--on); background: var(--accent); border-color: var(--accent); }
& button:hover { opacity: .86; }
& .slotwise-close { position: absolute; top: .5em; inset-inline-end: .5em; width: 1.85em; min-height: 1.85em; font-size: 1.5em; line-height: 1; font-weight: 400; padding: 0; border-color: transparent; }
& :focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
& .slotwise-corner { display: flex; flex-wrap: wrap-reverse; align-items: center; align-self: start; }
& .slotwise-corner > * { border: 1px solid var(--edge); border-radius: calc(var(--round) * .625); box-shadow: 0 .2em 1em #0002; min-height: 3em; padding: .5em .875em; margin: 0 0 1em 1em; font-size: .9375em; line-height: 1.6; }
& .slotwise-corner > :empty { position: absolute; border: 0; min-height: 0; padding: 0; }
& [hidden] { display: none; }
:root:has([data-slotwise-consent]) .slotwise-banner:not(#\\_) .slotwise-corner button { display: none; }
@media (min-width: 48em) {
  & section { width: min(100% - 2em, 60em); margin: 0 auto 1em; border-width: 1px; border-radius: var(--round); padding: 1.75em; grid-template-columns: 1fr 12em; gap: 2.5em; }
  & .slotwise-actions { grid-template-columns: 1fr; align-content: end; padding-top: 2em; }
  & .slotwise-head { padding: 0; }
}
@media (prefers-color-scheme: dark) {
  & { color-scheme: dark; --back: var(--slotwise-background, #1b1e21); --text: var(--slotwise-text, #f2f4f5); --accent: var(--slotwise-accent, #f2f4f5); --on: var(--slotwise-on-accent, #16191c); }
}
@media (prefers-reduced-motion: no-preference) {
  & section { animation: slotwise-rise .25s ease-out; }
  @keyframes slotwise-rise { from { opacity: 0; transform: translateY(1em); } }
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
    sheet.replaceSync(CSS.replace(/&/g, ROOT))
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
