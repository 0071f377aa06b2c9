// The public surface: re-exports and types, nothing else.

export { type Options, type Plugin, personalize, type Site } from './personalize.js'
export { memoryStore } from './remember/memory.js'
export type { Problem, RulesetError } from './ruleset.js'
export type {
  Condition,
  Conditions,
  Context,
  Decision,
  Diagnostic,
  Duration,
  EventLeaf,
  Experience,
  Goal,
  Health,
  Json,
  Key,
  Profile,
  Props,
  Reason,
  Rule,
  Ruleset,
  SlotRules,
  Split,
  Stages,
  Store,
  Transaction,
  VariantData,
  VisitorEvent,
  Weights,
} from './types.js'
