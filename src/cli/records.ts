// records(): the log records of an OTLP/HTTP logs request, or of a line that a Collector's file exporter wrote.

import { isObject, own } from '../lib/own.js'

/** Characters. Names come from a ruleset, where nobody writes longer ones. */
export const LONGEST = 200

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const field = (value: unknown, name: string): unknown => (isObject(value) ? own(value, name) : undefined)

/** Undefined for what is neither. */
export function records(logs: unknown): unknown[] | undefined {
  const resources = field(logs, 'resourceLogs')
  return Array.isArray(resources) ? resources.flatMap((resource) => listOf(field(resource, 'scopeLogs')).flatMap((scope) => listOf(field(scope, 'logRecords')))) : undefined
}
