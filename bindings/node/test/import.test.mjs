import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import cvm, { CvmError, Engine, JourneyError, Journeys, Live, Matcher, Rows, filters, journeys, toArrow } from '../index.js'
import * as byName from 'cvm-engine'

test('import and require give the same', () => {
  const required = createRequire(import.meta.url)('cvm-engine')
  assert.equal(required, cvm)
  assert.deepEqual({ CvmError, Engine, JourneyError, Journeys, Live, Matcher, Rows, filters, journeys, toArrow }, required)
  assert.equal(byName.Engine, Engine)
})
