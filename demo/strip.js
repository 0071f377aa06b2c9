// The strip at the foot of the demo: shows each stage of the flow as it happens, through the public API alone.

;(() => {
  const words = JSON.parse(document.getElementById('strip-words').textContent)
  const make = (name, className, ...children) => {
    const element = document.createElement(name)
    if (className) element.className = className
    element.append(...children)
    return element
  }
  const button = (className, text) => Object.assign(make('button', className, text), { type: 'button' })
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

  // ---- what stands there

  const fold = button('strip-fold', words.title)
  const told = make('p', 'strip-told')
  const tip = make('p', 'strip-tip', words.tips.start)
  const other = button('strip-other', words.other)
  const forget = button('strip-forget', words.forget)
  const link = make('a', 'strip-rows', words.rows)
  link.href = words.rowsPath

  const summary = make('p', 'strip-summary')
  const lists = { sense: make('ol', 'strip-list'), decide: make('ul', 'strip-list'), show: make('ul', 'strip-list'), tell: make('ol', 'strip-list') }
  const columns = Object.entries(words.flow).map(([stage, [verb, what]]) =>
    make('section', `strip-column strip-${stage}`, make('h2', '', make('b', '', verb), ` ${what}`), lists[stage] ?? summary),
  )
  const strip = make('aside', 'strip', make('div', 'strip-head', fold, told, make('div', 'strip-do', link, other, forget)), tip, make('div', 'strip-flow', ...columns))
  strip.setAttribute('aria-label', words.about)

  // One line at first: the question at the foot of the page comes before it. What was chosen holds for this tab,
  // where the browser lets a page keep it.
  const kept = (() => {
    try {
      return window.sessionStorage
    } catch {
      return {}
    }
  })()
  const setFolded = (folded) => {
    strip.classList.toggle('strip-folded', folded)
    fold.setAttribute('aria-expanded', String(!folded))
  }
  const choose = (folded) => {
    setFolded(folded)
    kept.strip = folded ? 'folded' : 'open'
  }
  setFolded(kept.strip !== 'open')
  fold.addEventListener('click', () => choose(!strip.classList.contains('strip-folded')))
  document.body.append(strip)

  // ---- what changes

  const none = () => make('li', 'strip-none', words.none)
  const lit = (element) => {
    element.classList.add('strip-new')
    return element
  }
  const fillList = (list, items) => list.replaceChildren(...(items.length ? items : [none()]))
  const prepend = (list, item, most) => {
    list.querySelector('.strip-none')?.remove()
    list.prepend(lit(item))
    while (list.children.length > most) list.lastChild.remove()
  }
  for (const list of Object.values(lists)) fillList(list, [])

  const details = ({ page, path, item }) => page ?? item ?? path ?? ''
  const decided = new Map()
  let explain = async () => ({ experiences: [] })
  const reached = new Map()
  let before = null
  let consent = { measure: 'unset', by: 'nobody' }
  let sync = { waiting: 0, sent: 0, lost: 0, retryAt: null }

  const showDecisions = () =>
    fillList(
      lists.show,
      [...decided.values()].map(({ slot, variant, because }) => {
        const all = make('div', 'strip-why')
        const why = make('details', '', make('summary', '', make('b', '', slot), ' → ', make('em', '', variant), reached.has(slot) ? make('i', '', reached.get(slot)) : '', make('small', '', because)), all)
        // What Slotwise says of itself is English.
        all.lang = 'en'
        why.addEventListener('toggle', async () => {
          const { experiences } = await explain(slot)
          all.replaceChildren(...experiences.map(({ says, applies }) => make('p', applies ? 'strip-applies' : '', says)))
        })
        return make('li', '', why)
      }),
    )
  const tell = () => {
    const { measure, by } = consent
    const { retryAt, lost } = sync
    const granted = [words.told.granted, lost ? words.told.lost : '', retryAt ? words.told.retry : ''].join('')
    told.textContent =
      measure === 'granted' ? fill(granted, { ...sync, time: new Date(retryAt ?? 0).toLocaleTimeString(document.documentElement.lang) }) : words.told[measure === 'denied' && by === 'signal' ? 'signal' : measure]
    const held = [...decided.values()].some((decision) => decision.held)
    tip.textContent = words.tips[measure !== 'granted' ? 'start' : held ? 'held' : 'measured']
  }
  tell()

  const follow = (site) => {
    explain = site.explain
    site.on('event', ({ type, props }) => prepend(lists.sense, make('li', '', make('b', '', type), ' ', details(props)), 5))
    site.on('profile', (profile) => {
      summary.textContent = fill(words.summary, profile)
    })
    site.on('segments', (names) => {
      const items = names.map((name) => {
        const item = make('li', '', make('b', '', name))
        return before?.includes(name) === false ? lit(item) : item
      })
      before = names
      fillList(lists.decide, items)
    })
    site.on('decision', (decision) => {
      decided.set(decision.slot, decision)
      showDecisions()
      tell()
    })
    site.on('exposure', ({ slot, seen }) => {
      reached.set(slot, seen ? words.seen : words.reached)
      showDecisions()
    })
    site.on('row', ({ metric, experience, arm, held }) => {
      prepend(lists.tell, make('li', '', make('b', '', metric), ` ${experience}: `, make('em', '', held ? words.held : arm)), 5)
    })
    site.on('consent', (now) => {
      consent = now
      // Answered, and there is room: it opens by itself, once.
      if (now.by !== 'nobody' && !kept.strip && matchMedia('(min-width: 40rem)').matches) choose(false)
      tell()
    })
    site.on('sync', (now) => {
      sync = now
      tell()
    })

    const start = () => {
      for (const list of [lists.sense, lists.tell]) fillList(list, [])
      reached.clear()
      return site.forget()
    }
    forget.addEventListener('click', start)
    // Somebody else: nothing is known, not even about this strip, and the first thing that they meet is the cover.
    other.addEventListener('click', () => {
      delete kept.strip
      start().then(() => location.assign(words.home))
    })
  }

  window.slotwise = window.slotwise || []
  window.slotwise.push(follow)
})()
