'use strict'

const { Engine } = require('./lib/engine.js')
const { CvmError } = require('./lib/errors.js')
const filters = require('./lib/filters.js')
const { Matcher } = require('./lib/matcher.js')
const { Rows, toArrow } = require('./lib/rows.js')

module.exports = { CvmError, Engine, Matcher, Rows, filters, toArrow }
