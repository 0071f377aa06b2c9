// Links that lead away, and links to files. Says where to by domain, and by kind of file, only.

import { around, listen } from './listen.js'
import type { Start } from './signals.js'

/** As the enhanced measurement of analytics tools has them. */
const FILE = /\.(pdf|xlsx?|docx?|txt|rtf|csv|exe|key|pp(?:s|t|tx)|7z|pkg|rar|gz|zip|dmg|apk|avi|mov|mp4|mpe?g|wmv|midi?|mp3|wav|wma|epub|ics)$/i

export const links: Start = (page) =>
  listen<MouseEvent>(page, page.view.document, 'click', (event) => {
    const link = around<HTMLAnchorElement>(event, 'a[href],area[href]')
    // A link inside a drawing has another kind of address.
    if (typeof link?.pathname !== 'string') return
    const { protocol, hostname, pathname } = link
    const onWeb = /^https?:$/.test(protocol)
    const [, extension] = FILE.exec(pathname) ?? []
    if (extension ? onWeb : link.hasAttribute('download')) page.note('file_download', { extension: extension?.toLowerCase() })
    if (onWeb && hostname !== page.view.location.hostname) page.note('outbound_click', { domain: hostname })
  })
