'use strict'

const { Engine } = require('./lib/engine.js')
const { CvmError, JourneyError } = require('./lib/errors.js')
const filters = require('./lib/filters.js')
const { Journeys, journeys } = require('./lib/journeys.js')
const { Live } = require('./lib/live.js')
const { Matcher } = require('./lib/matcher.js')
const { Rows, toArrow } = require('./lib/rows.js')

module.exports = { CvmError, Engine, JourneyError, Journeys, Live, Matcher, Rows, filters, journeys, toArrow }
