// What a variant hides stays hidden, whatever `display` the page gives it: by a sheet that is there only meanwhile.

const RULE = '[hidden=slotwise] { display: none !important }'

export function hideSheet(slot: Element): () => void {
  const root = slot.getRootNode() as Document | ShadowRoot
  const { CSSStyleSheet: Sheet } = slot.ownerDocument.defaultView ?? {}
  // Safari 16.3 and before adopt no sheets: there `hidden` does what the page's own styles let it do.
  if (!Sheet || !root.adoptedStyleSheets) return () => {}
  const sheet = new Sheet()
  // A page's policy asks nothing of a sheet that is adopted; an inline style it may refuse without a word.
  sheet.replaceSync(RULE)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  return () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet)
  }
}
