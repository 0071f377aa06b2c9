// The public surface: re-exports and types, nothing else.

export { personalize } from './personalize.js'
export { memoryStore } from './remember/memory.js'
export type { Problem, RulesetError } from './ruleset.js'
export type { Options, Plugin, Site } from './site.js'
export type {
  Choice,
  Condition,
  Conditions,
  Consent,
  ConsentRules,
  Context,
  Decision,
  Diagnostic,
  Duration,
  EventLeaf,
  Experience,
  Exposure,
  Goal,
  Health,
  Json,
  Key,
  Permission,
  Profile,
  Props,
  Reason,
  Row,
  Rule,
  Ruleset,
  SlotRules,
  Split,
  Stages,
  Store,
  Sync,
  SyncRules,
  Transaction,
  Trial,
  VariantData,
  VisitorEvent,
  Weights,
} from './types.js'
