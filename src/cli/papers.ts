// What a data protection officer asks for, made from a ruleset: the storage table, the assessment, the notice.

import type { Ruleset } from '../types.js'
import { assessment, notice } from './evidence.js'
import { hashOf } from './hash.js'
import { type Language, storage, storageText } from './storage.js'

export interface Paper {
  file: string
  /** The storage table as JSON: `{ file, ruleset, storage: [{ where, key, what, lasts, when }] }`. */
  json: boolean
  language: Language
}

export const papers = {
  storage: (ruleset: Ruleset, { file, json, language }: Paper) => ({ text: json ? JSON.stringify({ file, ruleset: hashOf(ruleset), storage: storage(ruleset, language) }, null, 2) : storageText(ruleset, language) }),
  assessment: (ruleset: Ruleset, { language }: Paper) => ({ text: assessment(ruleset, language) }),
  notice: (ruleset: Ruleset, { language }: Paper) => ({ text: notice(ruleset, language) }),
}
