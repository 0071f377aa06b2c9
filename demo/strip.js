// The strip at the foot of the demo: shows each stage of the flow as it happens, through the public API alone.

;(() => {
  const words = JSON.parse(document.getElementById('strip-words').textContent)
  const make = (name, className, ...children) => {
    const element = document.createElement(name)
    if (className) element.className = className
    element.append(...children)
    return element
  }

  const events = make('ol', 'strip-list strip-events')
  const segments = make('ul', 'strip-list')
  const decisions = make('ul', 'strip-list')
  const summary = make('p', 'strip-summary')
  const forget = make('button', 'strip-forget', words.forget)
  forget.type = 'button'

  const column = (title, list) => make('section', 'strip-column', make('h2', '', title), list)
  const strip = make(
    'aside',
    'strip',
    make('div', 'strip-head', make('strong', '', words.title), make('p', 'strip-tip', words.tip), summary, forget),
    make('div', 'strip-flow', column(words.events, events), make('span', 'strip-arrow', '→'), column(words.segments, segments), make('span', 'strip-arrow', '→'), column(words.decisions, decisions)),
  )
  strip.setAttribute('aria-label', words.title)
  document.body.append(strip)

  const none = () => make('li', 'strip-none', words.none)
  const lit = (element) => {
    element.classList.add('strip-new')
    return element
  }
  events.append(none())
  segments.append(none())
  decisions.append(none())

  const details = ({ page, path, item }) => page ?? item ?? path ?? ''
  const decided = new Map()
  let before = null

  const follow = (site) => {
    site.on('event', ({ type, props }) => {
      events.querySelector('.strip-none')?.remove()
      events.prepend(lit(make('li', '', make('b', '', type), ' ', details(props))))
      while (events.children.length > 6) events.lastChild.remove()
    })
    site.on('profile', ({ events, visits }) => {
      summary.textContent = words.summary.replace('{events}', events).replace('{visits}', visits)
    })
    site.on('segments', (names) => {
      const items = names.map((name) => {
        const item = make('li', '', make('b', '', name))
        return before?.includes(name) === false ? lit(item) : item
      })
      before = names
      segments.replaceChildren(...(items.length ? items : [none()]))
    })
    site.on('decision', (decision) => {
      decided.set(decision.slot, decision)
      const items = [...decided.values()].map(({ slot, variant, because }) => make('li', '', make('b', '', slot), ' → ', make('em', '', variant), make('small', '', because)))
      decisions.replaceChildren(...items)
    })
    forget.addEventListener('click', () => {
      events.replaceChildren(none())
      site.forget()
    })
  }

  window.slotwise = window.slotwise || []
  window.slotwise.push(follow)
})()
