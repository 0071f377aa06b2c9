// Prints vitest's own report, then what ran in each engine, then one plain closing line.

import { DefaultReporter, type SerializedError, type TestModule, type TestRunEndReason } from 'vitest/node'
import { ENGINES, found } from './browsers.js'

export default class EngineReporter extends DefaultReporter {
  override onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    super.onTestRunEnd(modules, errors, reason)
    const counts = new Map<string, { passed: number; failed: number; skipped: number }>()
    const total = { passed: 0, failed: errors.length, skipped: 0 }
    const twice: string[] = []
    for (const module of modules) {
      const engine = module.project.name.split(' ')[0] ?? 'tests'
      const count = counts.get(engine) ?? { passed: 0, failed: 0, skipped: 0 }
      counts.set(engine, count)
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        const key = state === 'passed' || state === 'failed' ? state : 'skipped'
        count[key]++
        total[key]++
        if (test.diagnostic()?.flaky) twice.push(`${module.project.name}: ${test.fullName}`)
      }
      // A file that could not be loaded has failed, though none of its tests did.
      if (module.state() === 'failed' && module.errors().length > 0) {
        count.failed++
        total.failed++
      }
    }

    const filtered = process.argv.some((word) => /^(-t|--testNamePattern|--project)\b|\.test|^test\//.test(word))
    console.log()
    for (const [engine, count] of counts) console.log(`  ${engine.padEnd(10)} ${count.passed} passed, ${count.failed} failed`)
    for (const engine of ENGINES) {
      if (found[engine] && (filtered || counts.get(engine)?.passed)) continue
      console.log(`  ${engine.padEnd(10)} NOT RUN: ${found[engine] ? 'no test passed in it' : 'no such browser on this machine; "npm test" names its packages'}`)
      // An engine that was passed over must never look like one that passed.
      if (process.env.CI) {
        process.exitCode = 1
        total.failed++
      }
    }
    for (const name of twice) console.log(`  passed at the second try only: ${name}`)
    console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
  }
}
