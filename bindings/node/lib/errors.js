'use strict'

/** What the native half puts before findings; the rest is JSON. See src/errors.rs. */
const MARK = 'cvm:'

/** One finding that stops, or several. */
class CvmError extends Error {
  constructor(message, diagnostics = []) {
    super(message)
    const first = diagnostics.find((finding) => finding.severity === 'error')
    this.code = first?.code ?? 'CVM_EXECUTION'
    this.path = first?.path ?? ''
    this.diagnostics = diagnostics
  }
}
// On the prototype, as with JavaScript's own errors: a name is no property of each error.
Object.defineProperty(CvmError.prototype, 'name', { value: 'CvmError', configurable: true, writable: true })

/** A journey has findings, or what it was told is refused: then nothing has changed. */
class JourneyError extends CvmError {
  get findings() {
    return this.diagnostics
  }
}
Object.defineProperty(JourneyError.prototype, 'name', { value: 'JourneyError', configurable: true, writable: true })

/** The error to throw for one of the native half. */
function translate(error) {
  if (!(error instanceof Error) || !error.message.startsWith(MARK)) return error
  const { message, diagnostics } = JSON.parse(error.message.slice(MARK.length))
  const found = new CvmError(message, diagnostics)
  return found.code.startsWith('CVM_JOURNEY') ? new JourneyError(message, diagnostics) : found
}

/** Runs a native function that throws. */
function call(native) {
  try {
    return native()
  } catch (error) {
    throw translate(error)
  }
}

/** What Node's own functions reject with when a signal aborts them. */
function abortError(signal) {
  const error = new Error('the operation was aborted', { cause: signal.reason })
  error.name = 'AbortError'
  error.code = 'ABORT_ERR'
  return error
}

module.exports = { CvmError, JourneyError, abortError, call, translate }
