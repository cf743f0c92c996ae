//! What a template speaks of: the tokens in it, as minijinja reads them.

use minijinja::Environment;

/// A token, `customer.first_name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) name: String,
    /// The first line that names it, from 1.
    pub(super) line: usize,
    /// Whether the template itself says what stands there when it has no value.
    pub(super) guarded: bool,
}

/// Why a template can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) line: usize,
    pub(super) message: String,
}

/// What minijinja itself knows by name.
const BUILT_IN: [&str; 5] = ["range", "dict", "namespace", "debug", "loop"];

/// The tokens of a template, by their names.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, Unreadable> {
    let environment = Environment::new();
    let template = environment.template_from_str(source).map_err(|error| Unreadable {
        line: error.line().unwrap_or(1),
        message: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    })?;
    let tags = tags(source);
    // What is set in one part of a template may be used in another.
    let set =
        |root: &str| tags.iter().any(|tag| tag.words().next() == Some("set") && tag.words().any(|word| word == root));
    let mut tokens: Vec<Token> = template
        .undeclared_variables(true)
        .into_iter()
        .filter(|name| {
            let root = name.split('.').next().unwrap_or(name);
            !BUILT_IN.contains(&root) && !set(root)
        })
        .map(|name| {
            let naming: Vec<&Tag<'_>> = tags.iter().filter(|tag| tag.words().any(|word| word == name)).collect();
            let asked = naming.iter().any(|tag| tag.words().any(|word| matches!(word, "if" | "elif" | "defined")));
            let guarded = asked || (!naming.is_empty() && naming.iter().all(|tag| tag.stands_in(&name)));
            Token { line: naming.first().map_or(1, |tag| tag.line), guarded, name }
        })
        .collect();
    tokens.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(tokens)
}

/// What stands between `{{` and `}}` or between `{%` and `%}`.
struct Tag<'s> {
    line: usize,
    text: &'s str,
}

impl<'s> Tag<'s> {
    /// Names with their dots, one after another.
    fn words(&self) -> impl Iterator<Item = &'s str> {
        self.text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').filter(|word| !word.is_empty())
    }

    /// Whether something is said for the case that the first token of this name has no value.
    fn stands_in(&self, name: &str) -> bool {
        let Some((_, after)) = self.text.split_once(name) else { return false };
        let after = after.trim_start();
        let filter = after.strip_prefix('|').map(str::trim_start);
        let word = |text: &str, word: &str| {
            text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        filter.is_some_and(|filter| word(filter, "default") || word(filter, "d")) || word(after, "or")
    }
}

fn tags(source: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        line += before.matches('\n').count();
        let end = match from.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                rest = from.get(1..).unwrap_or_default();
                continue;
            }
        };
        let inside = from.get(2..).unwrap_or_default();
        let Some((text, after)) = inside.split_once(end) else { break };
        tags.push(Tag { line, text: text.trim_matches(['-', '+']) });
        line += text.matches('\n').count();
        rest = after;
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<(String, usize, bool)> {
        let tokens = tokens(source).expect("a template");
        tokens.into_iter().map(|token| (token.name, token.line, token.guarded)).collect()
    }

    #[test]
    fn tokens_with_their_lines() {
        let token = |name: &str, line, guarded| (name.to_owned(), line, guarded);
        assert_eq!(names("Hello { customer.name }"), []);
        assert_eq!(
            names("Hello {{ customer.first_name }},\nyour {{ event.order_id|upper }}"),
            [token("customer.first_name", 1, false), token("event.order_id", 2, false)]
        );
        assert_eq!(
            names("{{ event.a | default('x') }}{{ event.b or 'y' }}"),
            [token("event.a", 1, true), token("event.b", 1, true)]
        );
        assert_eq!(names("{% if event.a %}\n{{ event.a }}{% endif %}"), [token("event.a", 1, true)]);
        assert_eq!(names("{{ event.a | default('x') }}\n{{ event.a }}"), [token("event.a", 1, false)]);
        assert_eq!(
            names("{# event.a #}{% for x in event.items %}{{ x.name }}{{ loop.index }}{% endfor %}"),
            [token("event.items", 1, false)]
        );
        assert_eq!(names("{% if customer.vip %}{% set x = 1 %}{% endif %}{{ x }}"), [token("customer.vip", 1, true)]);
    }

    #[test]
    fn templates_that_are_none() {
        let wrong = tokens("Hello\n{{ customer.first_name }").expect_err("it is not closed");
        assert_eq!(wrong.line, 2);
        assert!(!wrong.message.is_empty());
        assert!(tokens("{% if customer.a %}").is_err());
    }
}
