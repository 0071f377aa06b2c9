// The looks of the visitor's page, as a constructed style sheet for its shadow root: a strict policy allows it.

export const CSS = `
:host {
  display: block; font-family: var(--slotwise-font, inherit); line-height: 1.5; color: var(--text); background: var(--back); overflow-wrap: anywhere; color-scheme: light;
  --back: var(--slotwise-background, #fff); --text: var(--slotwise-text, #1c2024);
  --soft: color-mix(in srgb, var(--text) 76%, var(--back)); --line: color-mix(in srgb, var(--text) 16%, var(--back)); --edge: color-mix(in srgb, var(--text) 56%, var(--back));
}
* { box-sizing: border-box; margin: 0; }
article { max-width: 46rem; margin: auto; padding: 1.25rem; display: grid; gap: 1.75rem; }
h2 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; margin-bottom: .5rem; }
h3 { font-size: 1.125rem; line-height: 1.3; margin-bottom: .25rem; }
p, small, dd { color: var(--soft); font-size: .9375rem; }
section { border-top: 1px solid var(--line); padding-top: 1.25rem; }
ul { list-style: none; padding: 0; }
li { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; padding: .625rem 0; border-bottom: 1px solid var(--line); }
li:last-child { border: 0; }
li > div { flex: 1 1 14rem; }
li small { display: block; }
b { font-weight: 600; }
.do { display: flex; flex-wrap: wrap; gap: .625rem; padding-top: .75rem; }
button { font: inherit; font-size: .9375rem; font-weight: 600; min-height: 44px; padding: .375rem .875rem; cursor: pointer; color: var(--text); background: var(--back); border: 1px solid var(--edge); border-radius: .625rem; }
button:hover { background: color-mix(in srgb, var(--text) 6%, var(--back)); }
.note { border: 1px solid var(--edge); border-radius: .625rem; padding: .75rem .875rem; color: var(--text); }
summary { cursor: pointer; min-height: 44px; padding: .625rem 0; font-weight: 600; font-size: .9375rem; }
code { font-size: .8125rem; }
:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
[role=status]:empty { display: none; }
[role=status] { position: sticky; bottom: 1rem; }
@media (prefers-color-scheme: dark) {
  :host { color-scheme: dark; --back: var(--slotwise-background, #1b1e21); --text: var(--slotwise-text, #f2f4f5); }
}
`
