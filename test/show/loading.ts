// Content that loads something by itself, and content that does not, for browsers and for files.

export const LOADS = [
  '<iframe src="/x"></iframe>', '<iframe srcdoc="x"></iframe>', '<object data="/x"></object>', '<embed src="/x">', '<link rel="stylesheet" href="/x">', '<style>p { background: url(/x) }</style>',
  '<video src="/x"></video>', '<video><source src="/x"></video>', '<audio src="/x"></audio>', '<video><track src="/x"></video>', '<input type="image" src="/x" alt="">', '<svg><image href="/x"/></svg>',
  '<svg><use href="/x.svg#a"/></svg>', '<svg><use xlink:href="/x.svg#a"/></svg>', '<svg><use href="/x.svg#a" xlink:href="#a"/></svg>', '<table background="/x"><tr><td>x</table>', '<p style="background: url(/x)">x</p>', '<p style="background: image-set(\'/x\' 1x)">x</p>', '<meta http-equiv="refresh" content="0;url=/x">',
]
/** Pictures are loaded for everybody beforehand. */
export const LOADS_NOT = ['<h1>x</h1>', '<a href="/x">x</a>', '<img src="/x" alt="">', '<picture><source srcset="/x"><img src="/y" alt=""></picture>', '<script src="/x"></script>', '<svg><use href="#a"/></svg>', '<svg><use xlink:href="#a"/></svg>', '<svg><use href="#a" xlink:href="/x.svg#a"/></svg>', '<p style="color: red; inset: 0">x</p>', '<meta itemprop="x" content="y">', '<input type="text">']
