// The script tag's consent sources: each is a file beside the script, `cmp/NAME.js`, fetched by its name.

import { later } from '../lib/later.js'
import { follow as join } from '../sources.js'
import type { ConsentSource } from '../types.js'

/** What the script tag knows: a name from `data-consent`, and by `data-consent-options` the options of each in JSON. */
interface Named {
  name: string
  script: HTMLScriptElement
}

const fetched = ({ name, script }: Named): ConsentSource => {
  const source: ConsentSource = {
    name,
    subscribe: (heard, failed) => {
      const options = JSON.parse(script.dataset.consentOptions || '{}')[name]
      return later(
        // An address made at run time is left alone by the bundler, and `import()` obeys `script-src 'self'`.
        import(new URL(`./cmp/${name}.js`, script.src).href) as Promise<{ [name: string]: (options: unknown) => ConsentSource }>,
        ({ [name]: make }) => {
          const { open, subscribe } = (make as (options: unknown) => ConsentSource)(options)
          if (open) source.open = open
          return subscribe(heard, failed)
        },
        failed,
      )
    },
  }
  return source
}

export const follow = (sources: Named[], ...known: Parameters<typeof join> extends [unknown, ...infer Rest] ? Rest : never): (() => void) => join(sources.map(fetched), ...known)
