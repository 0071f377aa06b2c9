import { expect, test } from 'vitest'
import { happened } from '../../src/lib/happened.js'
import type { Trigger } from '../../src/types.js'

test.each<[on: Trigger, met: Trigger[], not: Trigger[]]>([
  [{ exit: true }, [{ exit: true }], [{ scroll: 1 }, { event: 'exit' }]],
  [{ scroll: 0.5 }, [{ scroll: 0.5 }, { scroll: 0.9 }], [{ scroll: 0.49 }, { exit: true }]],
  [{ engaged: '1m' }, [{ engaged: '60s' }, { engaged: '2m' }], [{ engaged: '59s' }, { idle: '1h' }]],
  [{ idle: '30s' }, [{ idle: '30s' }], [{ idle: '29s' }, { engaged: '30s' }]],
  [{ event: 'search' }, [{ event: 'search' }], [{ event: 'other' }, { exit: true }]],
])('%j is met by as much or more of the same', (on, met, not) => {
  expect(met.map((fact) => happened(on, fact))).toEqual(met.map(() => true))
  expect(not.map((fact) => happened(on, fact))).toEqual(not.map(() => false))
})
