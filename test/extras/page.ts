// A page of its own for each test: a frame of a chosen size, under a strict policy, whose troubles are collected.

export const STRICT = "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

export interface Page {
  doc: Document
  view: Window & typeof globalThis
  /** Errors, rejections and breaches of the policy. */
  trouble: string[]
  /** The page's own styles, which a strict policy allows it as a sheet only. */
  style(css: string): void
  close(): void
}

export interface PageOptions {
  body?: string
  lang?: string
  width?: number
  height?: number
  /** Under the strict policy, as by default. */
  strict?: boolean
}

export async function openPage({ body = '', lang = 'en', width = 390, height = 700, strict = true }: PageOptions = {}): Promise<Page> {
  const frame = document.createElement('iframe')
  frame.width = `${width}`
  frame.height = `${height}`
  Object.assign(frame.style, { position: 'fixed', inset: '0 auto auto 0', border: '0', background: '#fff' })
  frame.srcdoc = `<!doctype html><html lang="${lang}"><head>${strict ? `<meta http-equiv="Content-Security-Policy" content="${STRICT}">` : ''}<title>Page</title></head><body>${body}</body></html>`
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true })
    document.body.append(frame)
  })
  const view = frame.contentWindow as Page['view']
  const doc = view.document
  const trouble: string[] = []
  const watching = new AbortController()
  const { signal } = watching
  doc.addEventListener('securitypolicyviolation', (event) => trouble.push(`policy: ${event.violatedDirective}`), { signal })
  for (const window of [view, globalThis]) {
    window.addEventListener('error', (event) => trouble.push(`error: ${(event as ErrorEvent).message}`), { signal })
    window.addEventListener('unhandledrejection', (event) => trouble.push(`rejection: ${(event as PromiseRejectionEvent).reason}`), { signal })
  }
  view.focus()
  return {
    doc,
    view,
    trouble,
    style: (css) => {
      const sheet = new view.CSSStyleSheet()
      sheet.replaceSync(css)
      doc.adoptedStyleSheets = [...doc.adoptedStyleSheets, sheet]
    },
    close: () => {
      watching.abort()
      frame.remove()
    },
  }
}

/** Makes the media rules that speak of `feature` hold, or not, whatever this browser prefers. */
export function prefer(doc: Document, feature: string, holds: boolean): void {
  for (const { cssRules } of doc.adoptedStyleSheets) {
    for (const rule of cssRules) {
      // By its type and not by `instanceof`: it is another window's.
      if (rule.type === CSSRule.MEDIA_RULE && (rule as CSSMediaRule).media.mediaText.includes(feature)) (rule as CSSMediaRule).media.mediaText = holds ? 'all' : 'not all'
    }
  }
}

/** Red, green, blue of any colour that CSS can write, 0 to 255. */
function pixels(color: string): number[] {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
}

const luminance = (color: string): number => {
  const [red, green, blue] = pixels(color).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** As WCAG has it, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
