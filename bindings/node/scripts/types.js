'use strict'

// Writes TypeScript types of the documents from schema/*.schema.json, which the Rust types make: `npm run types`.

const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const SCHEMAS = ['filter', 'catalog', 'diagnostics']
const HEAD = '// Written by `npm run types` from schema/*.schema.json.\n'

/** Names that describe Rust's modules well and a package's exports badly. */
const NAMES = { Case: 'LetterCase', Order: 'RankOrder', Code: 'DiagnosticCode' }

function generate() {
  const types = new Map()
  for (const name of SCHEMAS) {
    const path = join(__dirname, '../../../schema', `${name}.schema.json`)
    const { $defs: definitions, ...root } = JSON.parse(readFileSync(path, 'utf8'))
    for (const [title, schema] of [...Object.entries(definitions), [root.title, root]]) types.set(title, schema)
  }
  const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1))
  return HEAD + sorted.map(([title, schema]) => `\n${comment(schema, '')}export ${declaration(title, schema)}`).join('')
}

function declaration(title, schema) {
  const name = NAMES[title] ?? title
  // Interfaces have better messages than aliases of the same.
  if (schema.properties && !schema.oneOf) return `interface ${name} ${type(schema, '')}\n`
  const body = type(schema, '')
  return `type ${name} =${body.startsWith('\n') ? '' : ' '}${body}\n`
}

function type(schema, indent) {
  if (schema.$ref) return reference(schema.$ref)
  const options = schema.oneOf ?? schema.anyOf
  if (options) return union(options, indent)
  if (schema.const !== undefined) return quote(schema.const)
  if (schema.enum) return schema.enum.map(quote).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map((kind) => type({ ...schema, type: kind }, indent)).join(' | ')
  switch (schema.type) {
    case 'object':
      return object(schema, indent)
    case 'array':
      return schema.items ? `Array<${type(schema.items, indent)}>` : 'unknown[]'
    case 'integer':
      // Only values of customers have 64 bits; everything else counts something small.
      return schema.format === 'int64' ? 'number | bigint' : 'number'
    case 'number':
    case 'boolean':
    case 'string':
    case 'null':
      return schema.type
    default:
      return 'unknown'
  }
}

const quote = (word) => `'${word}'`

function reference(pointer) {
  const title = pointer === '#' ? 'Filter' : pointer.split('/').at(-1)
  return NAMES[title] ?? title
}

function union(options, indent) {
  const inner = `${indent}  `
  const parts = options.map((option) => type(option, `${inner}  `))
  const flat = [...new Set(parts)].join(' | ')
  if (!flat.includes('\n') && flat.length < 90 && !options.some((option) => option.description)) return flat
  return options.map((option, i) => `\n${comment(option, inner)}${inner}| ${parts[i]}`).join('')
}

function object(schema, indent) {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return schema.additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>'
  const inner = `${indent}  `
  const lines = properties.map(([name, property]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    return `${comment(property, inner)}${inner}${name}${optional}: ${type(property, inner).trimStart()}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

/** The description; examples in Rust are of no use here. */
function comment({ description }, indent) {
  const text = description?.replace(/```[\s\S]*?```/g, '').trim()
  if (!text) return ''
  const lines = text.split('\n').map((line) => `${indent} * ${line}`.trimEnd())
  return lines.length === 1 ? `${indent}/** ${text} */\n` : `${indent}/**\n${lines.join('\n')}\n${indent} */\n`
}

if (require.main === module) writeFileSync(process.argv[2], generate())

module.exports = { generate }
