'use strict'

const { Engine } = require('./lib/engine.js')
const { CvmError } = require('./lib/errors.js')
const filters = require('./lib/filters.js')
const { Live } = require('./lib/live.js')
const { Matcher } = require('./lib/matcher.js')
const { Rows, toArrow } = require('./lib/rows.js')

module.exports = { CvmError, Engine, Live, Matcher, Rows, filters, toArrow }
