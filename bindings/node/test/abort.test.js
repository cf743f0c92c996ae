'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { setImmediate: tick } = require('node:timers/promises')

const { Engine } = require('..')
const { loaded, many } = require('./help.js')

const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' }

test('a signal that was aborted before', async () => {
  const engine = await loaded()
  const signal = AbortSignal.abort()
  await assert.rejects(engine.count('everyone', { signal }), ABORTED)
  await assert.rejects(engine.members('everyone', { signal }), ABORTED)
  await assert.rejects(engine.preview('everyone', { signal }), ABORTED)
  await assert.rejects(engine.explain('everyone', 1, { signal }), ABORTED)
  await assert.rejects(engine.referenceMembers('everyone', { signal }), ABORTED)
  await assert.rejects(new Engine().loadCustomers('none.csv', { signal }), ABORTED)
})

test('a signal in the middle is heard at once', async () => {
  const engine = new Engine()
  const path = many(200_000)
  for (const start of [
    (signal) => engine.loadCustomers(path, { signal }),
    (signal) => engine.referenceMembers("city matches '9$'", { signal }),
    (signal) => engine.preview("city matches '9$'", { limit: 100_000, orderBy: [['city', 'desc']], signal }),
  ]) {
    if (start.toString().includes('reference')) await engine.loadCustomers(path)
    const controller = new AbortController()
    const promise = start(controller.signal)
    const rejected = assert.rejects(promise, (error) => error.cause === controller.signal.reason && error.name === 'AbortError')
    await tick()
    const began = performance.now()
    controller.abort()
    await rejected
    assert.ok(performance.now() - began < 1000)
  }
})

test('a signal leaves no listener behind', async () => {
  const engine = await loaded()
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...given) => (listeners++, addEventListener.apply(signal, given))
  signal.removeEventListener = (...given) => (listeners--, removeEventListener.apply(signal, given))
  await engine.count('everyone', { signal })
  await assert.rejects(engine.count('agee > 1', { signal }))
  assert.equal(listeners, 0)
})

test('the event loop goes on while a file is loaded', async () => {
  const engine = new Engine()
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const began = performance.now()
  await engine.loadCustomers(many(200_000))
  const took = performance.now() - began
  clearInterval(timer)
  assert.ok(longest < took / 2, `the loop stood still for ${longest} ms of ${took} ms`)
})

test('a process ends while a question is open', async () => {
  const { execFileSync } = require('node:child_process')
  const script = `
    const { Engine } = require(${JSON.stringify(require.resolve('..'))})
    const engine = new Engine()
    engine.loadCustomers(${JSON.stringify(many(200_000))})
    setTimeout(() => process.exit(0), 20)`
  execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' })
})
