// sarif(): findings as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the lines.

import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding } from './finding.js'

/** Relative where it can be: a code host knows its own files by that. */
const uriOf = (file: string): string => {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? pathToFileURL(file).href : encodeURI(near.replaceAll('\\', '/'))
}

export function sarif(file: string, found: Finding[], version: string): object {
  const codes = [...new Set(found.map(({ code }) => code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'slotwise', version, rules: codes.map((id) => ({ id, shortDescription: { text: found.find(({ code }) => code === id)?.why ?? id } })) } },
        columnKind: 'utf16CodeUnits',
        results: found.map(({ severity, code, path, line, page, message }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: `${path}: ${message}` },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(page ?? file) }, region: { startLine: line } }, logicalLocations: [{ fullyQualifiedName: path }] }],
        })),
      },
    ],
  }
}
