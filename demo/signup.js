// The magazine's newsletter form: tells Slotwise that somebody signed up, and reads no address.

;(() => {
  window.slotwise = window.slotwise || []

  const thank = (form, thanked) => {
    const box = form.parentElement
    for (const part of [form, box.querySelector('.signup-note')]) part.hidden = thanked
    box.querySelector('.signup-thanks').hidden = !thanked
  }

  // On the document, because a slot may swap one form for another.
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-newsletter]')) return
    event.preventDefault()
    window.slotwise.push((site) => site.track('newsletter_signup'))
    thank(event.target, true)
  })

  window.slotwise.push((site) => {
    // Decided a second time in one page only for a visitor who has been forgotten.
    site.on('decision', ({ slot }) => {
      if (slot === 'signup') for (const form of document.querySelectorAll('[data-newsletter]')) thank(form, false)
    })
  })
})()
