'use strict'

const native = require('../native.js')
const { abortError, translate } = require('./errors.js')

/**
 * Runs native work that gives a promise. `start(job, fail)` begins it; the job gives it up, `fail` rejects at once. The
 * abort does not wait for threads to hear of it.
 */
async function run(signal, start) {
  try {
    return await begin(signal, start)
  } catch (error) {
    // Here and not where it was rejected: after an `await` the stack has the caller's lines.
    throw translate(error)
  }
}

function begin(signal, start) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw abortError(signal)
    const job = new native.Job()
    const stop = () => signal?.removeEventListener('abort', abort)
    const fail = (error) => {
      stop()
      job.cancel()
      reject(error)
    }
    const abort = () => fail(abortError(signal))
    signal?.addEventListener('abort', abort)
    const done = (value) => {
      stop()
      resolve(value)
    }
    try {
      start(job, fail).then(done, fail)
    } catch (error) {
      fail(error)
    }
  })
}

module.exports = { run }
