// What the banner says in German: loaded alone, where a page speaks it.

import type { Texts } from './texts.js'

export const de: Texts = {
  who: '{controller} fragt',
  title: 'Darf diese Website sich merken, was Sie lesen?',
  personalize: 'Die Website an Sie anpassen',
  personalizeLine: 'Was Sie lesen, bleibt auf diesem Gerät, um auszuwählen, was zu Ihnen passt.',
  measure: 'Messen, was funktioniert',
  measureLine: 'Anonymisierte Zählungen werden gesendet, einzeln und ohne Kennung.',
  measureNeeds: 'Setzt die erste Auswahl voraus.',
  nothingSent: 'Diese Website sendet nichts.',
  signal: 'Ihr Browser bittet darum, Sie nicht zu verfolgen: Nichts wird gespeichert oder gesendet, außer Sie erlauben es hier.',
  policy: 'Datenschutzerklärung',
  accept: 'Alle akzeptieren',
  reject: 'Alle ablehnen',
  manage: 'Einstellungen verwalten',
  save: 'Auswahl speichern',
  close: 'Schließen',
  saved: 'Gespeichert. Sie können das jederzeit ändern.',
  failed: 'Das konnte nicht gespeichert werden. Bitte versuchen Sie es noch einmal.',
  control: 'Datenschutz',
}
