// Forms: started by the first input, submitted, or abandoned when the page is left. By the form's declared name only:
// what is typed into it is never looked at.

import { declaredName, listen } from './listen.js'
import type { Start } from './signals.js'

export const forms: Start = (page) => {
  const { document } = page.view
  /** Started, and whether they have been submitted since. */
  const started = new Map<HTMLFormElement, boolean>()
  const note = (type: string, form: HTMLFormElement): void => page.note(type, { form: declaredName(form) })

  const typed = (event: Event): void => {
    const [field] = event.composedPath() as HTMLInputElement[]
    // A field may belong to a form that is not around it.
    const form = field?.form
    if (!form || started.has(form)) return
    started.set(form, false)
    note('form_start', form)
  }
  const submitted = (event: Event): void => {
    const form = event.target as HTMLFormElement
    started.set(form, true)
    note('form_submit', form)
  }
  const undo = [
    listen(page, document, 'input', typed),
    listen(page, document, 'submit', submitted),
  ]
  return () => {
    for (const [form, done] of started) if (!done) note('form_abandon', form)
    for (const step of undo) step()
  }
}
