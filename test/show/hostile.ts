// Hostile variants: what has broken sanitizers and renderers elsewhere, combined with one another. `xss()` is what must never run.

import type { HtmlNode, VariantData } from '../../src/types.js'

/** HTML that runs `xss(ID)` or asks for `/evil/ID.txt` when it is put into a page as it is. */
const RUNS = [
  '<img src=/x.txt onerror=xss(ID)>',
  '<img src=x oNeRrOr="xss(ID)">',
  '<img/src="x"/onerror=xss(ID)>',
  '<img src=/x.txt onerror=&#120;ss(ID)>',
  '<img src=/x.txt onerror="\n xss(ID)">',
  '<img srcset=/x.txt onerror=xss(ID)>',
  '<picture><source srcset=x><img onerror=xss(ID)></picture>',
  '<video><source onerror=xss(ID) src=x></video>',
  '<video src=/x.txt onerror=xss(ID)></video>',
  '<audio src=/x.txt onerror=xss(ID)></audio>',
  '<svg onload=xss(ID)></svg>',
  '<svg><g onload=xss(ID)></g></svg>',
  '<svg><image href=x onerror=xss(ID) /></svg>',
  '<math><mtext></p><img src=/x.txt onerror=xss(ID)></mtext></math>',
  '<math><mi><table><mglyph><img src=/x.txt onerror=xss(ID)></table></math>',
  '<iframe srcdoc="<script>parent.xss(ID)</script>"></iframe>',
  '<iframe srcdoc="&lt;img src=/x.txt onerror=parent.xss(ID)&gt;"></iframe>',
  '<iframe src="javascript:parent.xss(ID)"></iframe>',
  '<iframe src="java&#10;script:parent.xss(ID)"></iframe>',
  '<iframe onload=xss(ID)></iframe>',
  '<input autofocus onfocus=xss(ID)>',
  '<details open ontoggle=xss(ID)><summary>x</summary></details>',
  '<style onload=xss(ID)></style>',
  '<link rel=stylesheet href="data:text/css," onload=xss(ID)>',
  '<form><img name=attributes><img src=/x.txt onerror=xss(ID)></form>',
  '<svg></p><img src=/x.txt onerror=xss(ID)></svg>',
  '<b><svg><desc><img src=/x.txt onerror=xss(ID)></desc></svg></b>',
  '<svg><foreignObject><img src=/x.txt onerror=xss(ID)></foreignObject></svg>',
  '<table><tr><td><img src=/x.txt onerror=xss(ID)></table>',
  '<x-widget><img src=/x.txt onerror=xss(ID)></x-widget>',
  '<noscript><p title="</noscript><img src=/x.txt onerror=xss(ID)>"></noscript>',
  '<style>/*</style><img src=/x.txt onerror=xss(ID)>*/</style>',
  '<title><a id="</title><img src=/x.txt onerror=xss(ID)>"></title>',
  '<textarea></textarea><img src=/x.txt onerror=xss(ID)>',
  '<div style="background:url(/evil/ID.txt)">x</div>',
  '<div style="background-image:image-set(\'/evil/ID.txt\' 1x)">x</div>',
  '<style>body{--x:1} .SLOT{background:url(/evil/ID.txt)}</style><div class=SLOT>x</div>',
  '<link rel=stylesheet href="/evil/ID.txt">',
  '<iframe src="/evil/ID.txt"></iframe>',
  '<embed src="/evil/ID.txt" type="text/html">',
  '<object data="/evil/ID.txt"></object>',
  '<video poster="/evil/ID.txt"></video>',
  '<svg><image href="/evil/ID.txt" /></svg>',
]

/** What runs only when it is clicked, sent, parsed once more, or looked up by a script. */
const LURKS = [
  '<script>xss(ID)</script>',
  '<SCRIPT SRC="/evil/ID.txt"></SCRIPT>',
  '<svg><script>xss(ID)</script></svg>',
  '<svg><script href="/evil/ID.txt" /></svg>',
  '<a href="javascript:xss(ID)">x</a>',
  '<a href="JaVaScRiPt:xss(ID)">x</a>',
  '<a href="java\tscript:xss(ID)">x</a>',
  '<a href="java\nscript:xss(ID)">x</a>',
  '<a href=" \u0001javascript:xss(ID)">x</a>',
  '<a href="&#x6A;avascript&colon;xss(ID)">x</a>',
  '<a href="jav&#x09;ascript:xss(ID)">x</a>',
  '<a href="javascript&#58;xss(ID)">x</a>',
  '<a href="data:text/html,<script>xss(ID)</script>">x</a>',
  '<a href="vbscript:xss(ID)">x</a>',
  '<a href="blob:https://evil.invalid/x">x</a>',
  '<a href="filesystem:https://evil.invalid/x">x</a>',
  '<a href="view-source:javascript:xss(ID)">x</a>',
  '<a href="http://[::1">x</a>',
  '<a href="/x" target="opener" rel="opener">x</a>',
  '<a href="/x" ping="/evil/ID.txt">x</a>',
  '<a xlink:href="javascript:xss(ID)">x</a>',
  '<svg><a xlink:href="javascript:xss(ID)"><text y=9>x</text></a></svg>',
  '<svg><animate attributeName=href values=javascript:xss(ID) /><a id=x><text>x</text></a></svg>',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=x onerror=xss(ID) /></svg>#x"></use></svg>',
  '<math href="javascript:xss(ID)">x</math>',
  '<math><annotation-xml encoding="text/html"><style><img src=/x.txt onerror=xss(ID)></style></annotation-xml></math>',
  '<form action="javascript:xss(ID)"><button>x</button></form>',
  '<form action="/evil/ID.txt"><input name=password type=password></form>',
  '<button formaction="javascript:xss(ID)">x</button>',
  '<button form=theirs formaction="/evil/ID.txt">x</button>',
  '<input type=image src=x formaction="javascript:xss(ID)">',
  '<isindex action="javascript:xss(ID)">',
  '<base href="https://evil.invalid/">',
  '<meta http-equiv=refresh content="0;url=javascript:xss(ID)">',
  '<meta http-equiv="Content-Security-Policy" content="default-src *">',
  '<meta name=referrer content=unsafe-url>',
  '<link rel=import href="/evil/ID.txt">',
  '<link rel=prefetch href="/evil/ID.txt">',
  '<link rel=dns-prefetch href="//evil.invalid">',
  '<object data="javascript:xss(ID)"></object>',
  '<embed src="javascript:xss(ID)">',
  '<applet code=x></applet>',
  '<frameset onload=xss(ID)><frame src="javascript:xss(ID)"></frameset>',
  '<portal src="javascript:xss(ID)"></portal>',
  '<fencedframe></fencedframe>',
  '<template><img src=/x.txt onerror=xss(ID)></template>',
  '<template><template><script>xss(ID)</script></template></template>',
  '<div><template shadowrootmode=open><img src=/x.txt onerror=xss(ID)></template></div>',
  '<template data-variant=x><script>xss(ID)</script></template>',
  '<p data-slot=hero>again</p>',
  '<p data-slot-state=x>x</p>',
  '<p is=x-evil>x</p>',
  '<button is=x-evil onclick=xss(ID)>x</button>',
  '<x-evil onclick=xss(ID)></x-evil>',
  '<p onclick=xss(ID) onmouseover=xss(ID)>x</p>',
  '<p onpointerrawupdate=xss(ID) onbeforematch=xss(ID) hidden=until-found>x</p>',
  '<div popover id=a-b ontoggle=xss(ID)>x</div><button popovertarget=a-b>x</button>',
  '<button commandfor=a-b command=show-modal>x</button>',
  '<a id=slotwise href=clobbered:x>x</a>',
  '<a id=slotwise></a><a id=slotwise name=push href="x:y"></a>',
  '<form id=document><input name=createElement></form>',
  '<form name=createElement></form>',
  '<img name=createElement>',
  '<img id=currentScript name=currentScript>',
  '<form><input name=childNodes><input name=parentNode><input id=nodeType></form>',
  '<form><input name=attributes><input name=localName><input name=namespaceURI></form>',
  '<object id=defaultView></object><embed name=location>',
  '<iframe name=site></iframe>',
  '<input id=getElementById name=querySelectorAll>',
  '<p id="__proto__">x</p><p id=constructor>x</p>',
  '<p contenteditable accesskey=x>x</p>',
  '<p style="position:fixed;inset:0;z-index:9">x</p>',
  '<p style="behavior:url(#default#time2)" onbegin=xss(ID)>x</p>',
  '<p style="-moz-binding:url(/evil/ID.txt)">x</p>',
  '<style>@import "/evil/ID.txt";</style>',
  '<style>input[value^=a]{background:url(/evil/ID.txt)}</style>',
  '<p nonce=x integrity=y>x</p>',
  '<a href="//evil.invalid/x" download ping="/evil/ID.txt" rel="opener" target=_blank>x</a>',
  '<img src="javascript:xss(ID)">',
  '<img src="data:text/html,<script>xss(ID)</script>">',
  '<img src="data:image/svg+xml,<svg xmlns=http://www.w3.org/2000/svg onload=xss(ID) />">',
  '<img src="" usemap="#m" ismap><map name=m><area href="javascript:xss(ID)" coords=0,0,9,9></map>',
  '<img srcset="javascript:xss(ID) 1x, data:text/html,x 2x">',
  '<img src="" longdesc="javascript:xss(ID)" lowsrc="javascript:xss(ID)" dynsrc="javascript:xss(ID)">',
  '<source src="javascript:xss(ID)">',
  '<track src="/evil/ID.txt">',
  '<bgsound src="javascript:xss(ID)">',
  '<marquee onstart=xss(ID)>x</marquee>',
  '<keygen autofocus onfocus=xss(ID)>',
  '<select autofocus onfocus=xss(ID)><option>x</select>',
  '<blockquote cite="javascript:xss(ID)">x</blockquote>',
  '<q cite="data:text/html,x">x</q>',
  '<table background="javascript:xss(ID)"><td background="javascript:xss(ID)">x</table>',
  '<body onload=xss(ID) background=javascript:xss(ID)>x</body>',
  '<html onmouseenter=xss(ID)>x</html>',
  '<xmp><img src=/x.txt onerror=xss(ID)></xmp>',
  '<plaintext><img src=/x.txt onerror=xss(ID)>',
  '<noembed><img src=/x.txt onerror=xss(ID)></noembed>',
  '<noframes><img src=/x.txt onerror=xss(ID)></noframes>',
  '<?xml-stylesheet href="javascript:xss(ID)"?>',
  '<!--[if gte IE 4]><script>xss(ID)</script><![endif]-->',
  '<![CDATA[<script>xss(ID)</script>]]>',
  '<!-- --!><img src=/x.txt onerror=xss(ID)> -->',
  '<svg><![CDATA[><image href=x onerror=xss(ID) />]]></svg>',
  '<svg><style><!--</style><img title="--><img src=/x.txt onerror=xss(ID)>"></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=/x.txt onerror=xss(ID)&gt;"></table></mtext></math>',
  '<form><math><mtext></form><form><mglyph><style></math><img src=/x.txt onerror=xss(ID)></style></mglyph></form></mtext></math></form>',
  '<select><template><style></select><img src=/x.txt onerror=xss(ID)></style></template></select>',
  '<dialog open><form method=dialog onformdata=xss(ID)></form></dialog>',
  '<scr<script>ipt>xss(ID)</scr</script>ipt>',
  '<<img src=/x.txt onerror=xss(ID)>>',
  `${'<b>'.repeat(600)}<img src=/x.txt onerror=xss(ID)>`,
]

/** Around each of them, what has led parsers astray. */
const AROUND: ((html: string) => string)[] = [
  (html) => html,
  (html) => `<div class="a"><p>before</p>${html}<p>behind</p></div>`,
  (html) => `<ul><li>${html}</ul><table><caption>${html}</table>`,
]

export interface Hostile {
  id: number
  html: string
  /** Put into a page as it is, it is noticed at once. */
  runs: boolean
}

const withId = (html: string, id: number): string => html.replaceAll('ID', String(id)).replaceAll('SLOT', `hostile-${id}`)

export const HTML: Hostile[] = [...RUNS, ...LURKS].flatMap((html, i) =>
  AROUND.map((around, j) => ({ id: i * AROUND.length + j, html: withId(around(html), i * AROUND.length + j), runs: j === 0 && i < RUNS.length })),
)

/** A form's field may go by that name. */
const genuine = <T>(node: Node, name: 'attributes' | 'localName'): T => Object.getOwnPropertyDescriptor(Element.prototype, name)?.get?.call(node)

/** What such HTML would be as a tree, with nothing left out: for those who write trees by hand. */
export function rawTree(html: string): HtmlNode[] {
  const inside = (parent: Node): HtmlNode[] =>
    [...parent.childNodes].flatMap((node): HtmlNode[] => {
      if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue as string]
      if (node.nodeType !== Node.ELEMENT_NODE) return []
      const attributes = [...genuine<NamedNodeMap>(node, 'attributes')].map(({ name, value }) => [name, value])
      return [[genuine<string>(node, 'localName'), Object.fromEntries(attributes), ...inside(node)]]
    })
  const { head, body } = new DOMParser().parseFromString(html, 'text/html')
  return [...inside(head), ...inside(body)].slice(0, 50)
}

const ADDRESSES = [
  'javascript:xss(0)', 'JAVASCRIPT:xss(0)', 'java\tscript:xss(0)', '\u0000javascript:xss(0)', ' javascript:xss(0)', 'javascript\n:xss(0)', 'data:text/html,<script>xss(0)</script>',
  'data:text/html;base64,PHNjcmlwdD54c3MoMCk8L3NjcmlwdD4=', 'data:image/svg+xml,<svg onload="xss(0)"/>', 'vbscript:x', 'blob:null/x', 'file:///etc/passwd', 'about:blank', 'ws://evil.invalid', 'http://[', 'intent://x#Intent;end',
]
const NAMES = [
  'onclick', 'ONCLICK', 'onerror', 'onpointerover', 'on-x', 'style', 'STYLE', 'srcdoc', 'src', 'srcset', 'action', 'formaction', 'http-equiv', 'is', 'nonce', 'integrity', 'id', 'name', 'form', 'ping', 'poster', 'background', 'xlink:href',
  'xml:base', 'xmlns', 'data', 'data-slot', 'data-slot-state', 'data-variant', 'contenteditable', 'autofocus', 'accesskey', 'popovertarget', 'commandfor', 'class', 'hidden', 'slot', 'part', 'download', 'referrerpolicy', 'type', 'value x', 'a"b',
  '__proto__x', '', ' href', 'href ', 'hRef', 'aria-', 'data-', 'aria-LABEL',
]
const one = (data: VariantData): VariantData => data

/** Variants that must be refused, whole. */
export const REFUSED: VariantData[] = [
  ...ADDRESSES.flatMap((address) => [
    one({ attributes: { a: { href: address } } }),
    one({ image: { img: { src: address, alt: '', width: 1, height: 1 } } }),
    // Where an address breaks in two, both halves are paths.
    ...(address.includes('\n') ? [] : [one({ image: { img: { src: '/x.png', srcset: `/y.png 1x, ${address} 2x`, alt: '', width: 1, height: 1 } } })]),
    one({ html: [['a', { href: address }, 'x']] }),
    one({ html: [['p', ['img', { src: address, alt: '' }]]] }),
    one({ redirect: address }),
  ]),
  ...NAMES.flatMap((name) => [one({ attributes: { a: { [name]: 'xss(0)' } } }), ...(/^(class|hidden|src|srcset|type|id)$/.test(name) ? [] : [one({ html: [['p', { [name]: 'xss(0)' }, 'x']] })])]),
  ...['script', 'style', 'iframe', 'object', 'embed', 'base', 'meta', 'link', 'svg', 'math', 'form', 'input', 'template', 'x-evil', 'SCRIPT', 'scr\u0000ipt', 'image', 'body', 'a b', '', '__proto__', 'constructor', 'p/onclick=xss(0)'].map((tag) =>
    one({ html: [[tag, { id: 'a-b' }, 'xss(0)']] }),
  ),
  ...['script', 'style', 'iframe', 'object', 'embed', 'link', 'meta', 'base', ':scope > *, style', '*', 'svg script', ':::', 'x'.repeat(201), 'template, script', 'p:has(', 'html', 'head', 'body'].flatMap((selector) => [
    one({ text: { [selector]: 'xss(0)' } }),
    one({ attributes: { [selector]: { title: 'x' } } }),
    one({ class: { [selector]: { add: 'x' } } }),
    one({ hide: [selector] }),
  ]),
  ...['//evil.invalid', '/\\evil.invalid', '/\t/evil.invalid', '/\n/evil.invalid', 'https://evil.invalid', '\\\\evil.invalid', 'x', '', '?x', '#x', '/\r\\evil.invalid'].map((redirect) => one({ redirect })),
  one({ redirect: '/x', text: { h1: 'x' } }),
  one({ attributes: { a: { target: 'opener' } } }),
  one({ attributes: { a: { target: '_top' } } }),
  one({ attributes: { a: { rel: 'nofollow OPENER' } } }),
  one({ attributes: { 'h1': { href: '/x' } } }),
  one({ attributes: { p: { placeholder: 'x' } } }),
  one({ image: { h1: { src: '/x.png', alt: '', width: 1, height: 1 } } }),
  one({ html: [['p', { id: 'slotwise' }, 'x']] }),
  one({ html: [['p', { id: 'createElement' }, 'x']] }),
  one({ html: Array(2001).fill('x') }),
  one({ html: ['x'.repeat(70_000)] }),
  one({ html: JSON.parse(`${'["b",'.repeat(70)}"x"${']'.repeat(70)}`) }),
  one({ text: { h1: 7 } } as unknown as VariantData),
  one({ text: JSON.parse('{ "__proto__": "x" }') }),
  one({ html: [['p', JSON.parse('{ "__proto__": "x" }')]] }),
  one({}),
  one({ js: 'xss(0)' } as unknown as VariantData),
]

/** Texts and names that look like more than they are: shown as they stand. */
export const TEXTS: VariantData[] = HTML.filter(({ runs }) => runs).flatMap(({ html }) => [
  one({ text: { h1: html } }),
  one({ attributes: { a: { title: html, 'aria-label': html, 'data-x': html } } }),
  one({ class: { h1: { add: html.replace(/\s+/g, '_') } } }),
  one({ html: [['h1', { title: html }, html]] }),
])
