// The filter as a query of react-querybuilder: the same groups, the same fifty rules, values of the same kinds.
//
// What its queries can't hold is replaced by something of the same size: relative times by a date, "at least 3 of 5" by
// `or`, tests of lists by `in` and `>=`. So the texts that come out do not mean the same; their lengths are alike.

const OPERATORS = {
  eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=', before: '<', after: '>',
  in: 'in', not_in: 'notIn', has_any: 'in', has_all: 'in', has_none: 'notIn',
  between: 'between', not_between: 'notBetween',
  contains: 'contains', starts_with: 'beginsWith', ends_with: 'endsWith',
  is_set: 'notNull', is_not_set: 'null',
  within: 'between', size: '>=',
};

const group = (combinator, rules, not = false) => ({ combinator, not, rules });

function value({ op, value }) {
  if (op === 'within') return ['2024-03-17 10:30:00', '2024-06-15 10:30:00'];
  if (op === 'size') return Object.values(value)[0];
  if (value === undefined) return null;
  return typeof value === 'object' && !Array.isArray(value) ? '2024-06-01 10:30:00' : value;
}

export function query(filter) {
  switch (filter.type) {
    case 'and':
    case 'or':
      return group(filter.type, filter.children.map(query));
    case 'at_least':
      return group('or', filter.children.map(query));
    case 'not':
      return group('and', [query(filter.child)], true);
    case 'condition': {
      const operator = OPERATORS[filter.op];
      if (!operator) throw new Error(`no operator for ${filter.op}`);
      return { field: filter.field, operator, value: value(filter) };
    }
    default:
      throw new Error(`no rule for ${filter.type}`);
  }
}

export const rules = (node) => (node.rules ? node.rules.reduce((sum, rule) => sum + rules(rule), 0) : 1);
