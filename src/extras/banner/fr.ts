// What the banner says in French: loaded alone, where a page speaks it.

import type { Texts } from './texts.js'

export const fr: Texts = {
  who: '{controller} vous demande',
  title: 'Ce site peut-il se souvenir de ce que vous lisez ?',
  personalize: 'Adapter le site à vos lectures',
  personalizeLine: 'Ce que vous lisez reste sur cet appareil, pour choisir ce qui vous convient.',
  measure: 'Mesurer ce qui fonctionne',
  measureLine: 'Des décomptes anonymisés sont envoyés, un par un, sans aucun identifiant.',
  measureNeeds: 'Suppose le premier choix.',
  nothingSent: 'Ce site n’envoie rien.',
  signal: 'Votre navigateur demande que l’on ne vous suive pas : rien n’est conservé ni envoyé, sauf si vous l’autorisez ici.',
  policy: 'Politique de confidentialité',
  accept: 'Tout accepter',
  reject: 'Tout refuser',
  manage: 'Gérer',
  save: 'Enregistrer mon choix',
  close: 'Fermer',
  saved: 'Enregistré. Vous pouvez changer d’avis à tout moment.',
  failed: 'L’enregistrement a échoué. Veuillez réessayer.',
  control: 'Confidentialité',
}
