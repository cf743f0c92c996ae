//! What templates of messages may say: less than the engine could.
//!
//! Variables, captures and repeated texts are left out, since ten lines of them can ask for more memory than any machine
//! has; so are includes, macros, and whatever turns escaping off. What is left is `if`, `for` over a token, filters that
//! make texts at most as long as what they get, and `~`.

/// The statements.
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];
/// The filters, as the renderer gives them to the engine.
const FILTERS: [&str; 15] = [
    "abs",
    "capitalize",
    "default",
    "first",
    "float",
    "int",
    "join",
    "last",
    "length",
    "lower",
    "round",
    "title",
    "trim",
    "upper",
    "urlencode",
];
/// What may stand after `is`.
const TESTS: [&str; 2] = ["defined", "undefined"];

/// Something that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) line: usize,
    pub(super) found: String,
    pub(super) help: String,
}

/// A sign or word within `{{ … }}` or `{% … %}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    Word(&'t str),
    Text,
    Sign(char),
}

/// Looks at everything between braces. What can't be read here the engine can't read either, and says so.
pub(super) fn check(source: &str) -> Result<(), Refused> {
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('{') {
        rest = after;
        let line = source.len() - rest.len();
        let line = source.get(..line).unwrap_or_default().matches('\n').count() + 1;
        let statement = match rest.chars().next() {
            Some('#') => {
                rest = rest.split_once("#}").map_or("", |(_, after)| after);
                continue;
            }
            Some('{') => false,
            Some('%') => true,
            _ => continue,
        };
        let (parts, after) = parts(rest.get(1..).unwrap_or_default(), if statement { "%}" } else { "}}" });
        rest = after;
        judge(&parts, statement).map_err(|(found, help)| Refused { line, found, help })?;
    }
    Ok(())
}

/// The parts up to the end of the braces, and what follows.
fn parts<'t>(mut rest: &'t str, end: &str) -> (Vec<Part<'t>>, &'t str) {
    let mut parts = Vec::new();
    while let Some(sign) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(end) {
            return (parts, after);
        }
        if let Some(after) = rest.strip_prefix(['"', '\'']) {
            parts.push(Part::Text);
            rest = after_text(after, sign);
            continue;
        }
        let word = rest.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).next().unwrap_or_default();
        if word.is_empty() {
            if !sign.is_whitespace() {
                parts.push(Part::Sign(sign));
            }
            rest = rest.get(sign.len_utf8()..).unwrap_or_default();
        } else {
            parts.push(Part::Word(word));
            rest = rest.get(word.len()..).unwrap_or_default();
        }
    }
    (parts, "")
}

/// What follows the quote that ends a text.
fn after_text(text: &str, quote: char) -> &str {
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign == '\\' {
            signs.next();
        } else if sign == quote {
            break;
        }
    }
    signs.as_str()
}

fn judge(parts: &[Part<'_>], statement: bool) -> Result<(), (String, String)> {
    let refuse = |found: &str, help: String| Err((found.to_owned(), help));
    if statement {
        // `{%-` and `{%+` say what becomes of the blanks before.
        let blanks = parts.iter().take_while(|part| matches!(part, Part::Sign('-' | '+'))).count();
        let own = parts.get(blanks..).unwrap_or_default();
        match own.first() {
            Some(Part::Word(word)) if !STATEMENTS.contains(word) => {
                return refuse(word, format!("there are {}", STATEMENTS.join(", ")));
            }
            Some(Part::Word("for")) if !loops_over_token(own.get(1..).unwrap_or_default()) => {
                return refuse("for", "write it like `{% for item in event.items %}`".to_owned());
            }
            _ => {}
        }
    }
    for (i, part) in parts.iter().enumerate() {
        let after = |by: usize| parts.get(i + by);
        match part {
            // The engine looks for the end of the braces by counting them, and would see more than is seen here.
            Part::Sign('{') => return refuse("{", "have the values in fields".to_owned()),
            Part::Sign('*') => return refuse("*", "have the number in a field".to_owned()),
            Part::Sign('|') => {
                if let Some(Part::Word(name)) = after(1)
                    && !FILTERS.contains(name)
                {
                    let near = cvm_core::nearest(name, FILTERS.iter().copied());
                    let all = || format!("there are {}", FILTERS.join(", "));
                    return refuse(name, near.map_or_else(all, |near| format!("did you mean `{near}`?")));
                }
            }
            Part::Word("is") => {
                let not = usize::from(after(1) == Some(&Part::Word("not")));
                if let Some(Part::Word(name)) = after(1 + not)
                    && !TESTS.contains(name)
                {
                    return refuse(name, format!("after `is` stands {}", TESTS.join(" or ")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `item in event.items`: a list that was made here could double what is in it at each turn.
fn loops_over_token(header: &[Part<'_>]) -> bool {
    let end = header.iter().rposition(|part| !matches!(part, Part::Sign('-' | '+'))).map_or(0, |last| last + 1);
    let Some([Part::Word(_), Part::Word("in"), path @ ..]) = header.get(..end) else { return false };
    path.len() % 2 == 1
        && path.iter().enumerate().all(|(i, part)| match part {
            Part::Word(word) => i % 2 == 0 && !["recursive", "if"].contains(word),
            part => i % 2 == 1 && *part == Part::Sign('.'),
        })
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn messages_say_less_than_the_engine_could() {
        let fine = [
            "Hi {{ customer.first_name }}",
            "{% if customer.age >= 18 and customer.city is not defined %}x{%- elif a -%}{% else %}y{% endif %}",
            "{%- for item in event.items -%}{{ loop.index }}. {{ item.name | upper }}{% endfor %}",
            "{# {% set x = 1 %} * | nothing #}{{ \"{% set x %} * | no\\\" * \" }} 2 * 3 | 4 { % }",
            "{{ a.b | default('it\\'s * ') ~ a.c | first }}",
        ];
        for text in fine {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let refused = [
            ("{% set a = b %}", "set"),
            ("{%-include 'x' %}", "include"),
            ("{%\n+ macro x() %}", "macro"),
            ("{% autoescape false %}", "autoescape"),
            ("{% raw %}", "raw"),
            ("{{ x | safe }}", "safe"),
            ("{{ x|uper }}", "uper"),
            ("{{ '' }}{{ 'a' * 1000 }}", "*"),
            ("{% for a in [b ~ b] %}", "for"),
            ("{% for a in b.c if a %}", "for"),
            ("{% for a in b recursive %}", "for"),
            ("{% for a, b in c %}", "for"),
            ("{{ x is safe }}", "safe"),
            ("{#{{#}{% do x %}", "do"),
            ("{{{% do x %}", "{"),
            ("{{ {'a': {'b': 1}} | safe }}", "{"),
        ];
        for (text, found) in refused {
            assert_eq!(check(text).err().map(|refused| refused.found).as_deref(), Some(found), "{text}");
        }
        let line = check("a\nb {{ x }}\n{{ y | nope }}").err().map(|refused| refused.line);
        assert_eq!(line, Some(3));
    }
}
