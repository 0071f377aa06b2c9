// The rows page: what has left this magazine, counted and as it arrived, asked for again every second or so.

;(() => {
  const words = JSON.parse(document.getElementById('rows-words').textContent)
  const place = document.getElementById('rows')
  const lang = document.documentElement.lang

  const make = (name, className, ...children) => {
    const element = document.createElement(name)
    if (className) element.className = className
    element.append(...children)
    return element
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
  const percent = (share, digits = 0) => share.toLocaleString(lang, { style: 'percent', maximumFractionDigits: digits })

  /** Wilson's interval at 95 %: where the true rate may be, fair to few rows too. */
  const range = (goals, shown) => {
    const z = 1.96
    const p = goals / shown
    const middle = (p + (z * z) / (2 * shown)) / (1 + (z * z) / shown)
    const half = ((z / (1 + (z * z) / shown)) * Math.sqrt((p * (1 - p)) / shown + (z * z) / (4 * shown * shown)))
    return [Math.max(0, middle - half), Math.min(1, middle + half)]
  }

  const bar = (goals, shown) => {
    const [low, high] = range(goals, shown)
    const band = make('span', 'range-band')
    const dot = make('span', 'range-dot')
    band.style.left = `${low * 100}%`
    band.style.width = `${(high - low) * 100}%`
    dot.style.left = `${(goals / shown) * 100}%`
    const all = make('span', 'range', band, dot)
    all.setAttribute('role', 'img')
    all.setAttribute('aria-label', `${percent(low)} – ${percent(high)}`)
    return all
  }

  const line = (name, className, judged, { shown, goals: all }) => {
    // A goal may arrive before the row that opened its trial: rows leave in any order.
    const goals = Math.min(all, shown)
    const rate = judged && shown > 0
    const cells = [make('td', 'number', shown), make('td', 'number', judged ? all : '–'), make('td', 'number', rate ? percent(goals / shown, 1) : '–'), make('td', '', rate ? bar(goals, shown) : '')]
    const head = make('th', '', name)
    head.scope = 'row'
    return make('tr', className, head, ...cells)
  }

  const tally = (rows) => ({ shown: rows.filter(({ metric }) => metric === 'shown').length, goals: rows.filter(({ metric }) => metric === 'goal').length })

  const groupBy = (rows, key) => {
    const groups = new Map()
    for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
    return groups
  }

  /** The goal of each experience, by name; one that is not judged by any has none. */
  let goals = new Map()
  const learnGoals = async () => {
    const { slots } = await (await fetch('/slotwise.json')).json()
    goals = new Map(Object.values(slots).flatMap(({ experiences }) => experiences.map(({ name, goal }) => [name, goal])))
  }

  /** One experience under one set of weights: arms compare only within it. */
  const table = (rows) => {
    const { experience, weights, stratum } = rows[0]
    const goal = goals.get(experience)
    const judged = goal !== undefined || !goals.has(experience)
    const head = ['arm', 'shown', 'goals', 'rate', 'range'].map((name) => {
      const cell = make('th', ['arm', 'range'].includes(name) ? '' : 'number', words[name])
      cell.scope = 'col'
      return cell
    })
    const arms = groupBy(rows.filter(({ held }) => !held), ({ arm }) => arm)
    const lines = [...arms].sort(([a], [b]) => (a === 'default' ? -1 : b === 'default' ? 1 : a.localeCompare(b))).map(([arm, own]) => line(arm, '', judged, tally(own)))
    const held = rows.filter((row) => row.held)
    if (held.length) lines.push(line(words.held, 'held', judged, tally(held)))
    const notes = [goal ? fill(words.goal, { goal }) : '', weights ? fill(words.version, { weights }) : '', stratum === '*' ? '' : fill(words.stratum, { stratum })].filter(Boolean)
    const caption = make('caption', '', make('b', '', experience === '*' ? words.whole : experience), ...(notes.length ? [make('small', '', notes.join(' · '))] : []))
    return make('div', 'table', make('table', '', caption, make('thead', '', make('tr', '', ...head)), make('tbody', '', ...lines)))
  }

  let known = new Set()
  const raw = (rows) => {
    const newest = rows.slice(-20).reverse()
    const all = make('a', '', words.all)
    all.href = '/collect/rows'
    const items = newest.map((row) => make('li', known.size && !known.has(row.id) ? 'fresh' : '', make('code', '', JSON.stringify(row))))
    known = new Set(rows.map(({ id }) => id))
    return [make('h2', 'rule', words.raw), make('p', 'raw-count', fill(words.count, { n: rows.length.toLocaleString(lang) }), ' ', all), make('ol', 'raw', ...items)]
  }

  const empty = () => make('section', 'empty', make('h2', '', words.empty), make('ol', '', ...words.steps.map((step) => make('li', '', step))))
  /** What stands in <> is code. */
  const off = () => make('section', 'empty', make('h2', '', words.off), make('p', '', ...words.start.split(/[<>]/).map((text, i) => (i % 2 ? make('code', '', text) : text))))

  const show = (rows) => {
    if (rows.length === 0) return place.replaceChildren(empty())
    const groups = groupBy(rows.filter(({ metric }) => metric !== 'count'), ({ experience, weights, stratum }) => JSON.stringify([experience, weights, stratum]))
    const tables = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([, own]) => table(own))
    place.replaceChildren(...tables, make('p', 'caution', words.caution), ...raw(rows))
  }

  let last
  const ask = async () => {
    const response = await fetch('/collect/rows', { cache: 'no-store' }).catch(() => null)
    // No answer: the server is being started again, and what is known stays on screen.
    const answer = response?.ok ? await response.text() : response && 'off'
    if (!answer || answer === last) return
    last = answer
    if (answer === 'off') place.replaceChildren(off())
    else show(JSON.parse(answer))
  }

  const follow = async () => {
    if (!document.hidden) await ask()
    setTimeout(follow, 1500)
  }
  learnGoals().then(follow, follow)
})()
