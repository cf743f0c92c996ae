//! Long JSON and SQL on several lines. Only spaces become line ends, and none inside a literal or a name.

const WIDTH: usize = 108;
const STEP: usize = 2;

/// Compact JSON, on one line where it fits.
pub(crate) fn json(compact: &str) -> String {
    let mut spaced = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in compact.chars() {
        spaced.push(c);
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ',' | ':' if !quoted => spaced.push(' '),
            _ => {}
        }
    }
    let laid = value(&spaced, 0, 0);
    assert_eq!(same(&laid), same(&spaced), "only white space may change");
    laid
}

/// A value that starts in a column of a line with an indentation.
fn value(text: &str, column: usize, indent: usize) -> String {
    if text.len() + column <= WIDTH || !text.ends_with(['}', ']']) {
        return text.to_owned();
    }
    broken(text, column, indent)
}

/// Items of a list one a line, keys of an object as many as fit.
fn broken(text: &str, column: usize, indent: usize) -> String {
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    let (deeper, pad) = (indent + STEP, format!("\n{}", " ".repeat(indent + STEP)));
    if text.starts_with('[') {
        let items: Vec<String> = commas(inner).iter().map(|item| value(item, deeper, deeper)).collect();
        return format!("[{pad}{}]", items.join(&format!(",{pad}")));
    }
    let mut out = "{".to_owned();
    for (i, entry) in commas(inner).iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let at = out.rsplit_once('\n').map_or(column + out.len(), |(_, line)| line.len());
        let (key, held) = entry.split_once(": ").expect("a key");
        let space = if i > 0 { " " } else { "" };
        if at + entry.len() + 2 <= WIDTH {
            out = format!("{out}{space}{entry}");
        } else if held.starts_with("[{") && at < WIDTH / 2 {
            out = format!("{out}{space}{key}: {}", broken(held, at + key.len() + 3, indent));
        } else {
            out = format!("{out}{pad}{key}: {}", value(held, deeper + key.len() + 2, deeper));
        }
    }
    out.push('}');
    out
}

/// Where the bracket that opens at `open` closes.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c, quoted) in scan(text) {
        if i < open || quoted {
            continue;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    panic!("`{text}` has an open bracket");
}

/// The parts between commas outside brackets.
fn commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (i, c, quoted) in scan(text) {
        match c {
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[from..i].trim_start());
                from = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim_start());
    parts
}

/// Every character with its place, and whether it stands in quotes.
fn scan(text: &str) -> Vec<(usize, char, bool)> {
    let (mut quote, mut escaped) = (None, false);
    text.char_indices()
        .map(|(i, c)| {
            let inside = quote.is_some();
            match quote {
                Some(_) if escaped => escaped = false,
                // No example has a backslash before a quote in SQL; JSON escapes them so.
                Some(_) if c == '\\' && !text.contains("SELECT") => escaped = true,
                Some(open) if c == open => quote = None,
                None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
                _ => {}
            }
            (i, c, inside)
        })
        .collect()
}

fn same(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("[ ", "[")
        .replace("{ ", "{")
        .replace("( ", "(")
        .replace(" )", ")")
}

/// SQL, a line for each clause, and more where a clause is long.
pub(crate) fn sql(text: &str) -> String {
    assert!(!text.contains(r"\'") && !text.contains('\n'), "a literal that this layout can't tell the end of: {text}");
    let mut out = Vec::new();
    query(text, 0, &mut out);
    let laid = out.join("\n");
    assert_eq!(same(&laid), same(text), "only white space may change");
    laid
}

const CLAUSES: &[&str] =
    &["SELECT", "FROM", "INNER", "JOIN", "LEFT", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "QUALIFY"];

/// The words outside brackets and quotes.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (i, c, quoted) in scan(text) {
        match c {
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 => {
                words.push(&text[from..i]);
                from = i + 1;
            }
            _ => {}
        }
    }
    words.push(&text[from..]);
    words
}

/// A line for each clause.
fn query(text: &str, indent: usize, out: &mut Vec<String>) {
    for clause in groups(&words(text), |word, _| CLAUSES.contains(&word)) {
        terms(&clause, indent, out);
    }
}

/// The words in lines, each of which starts with a word that is wanted.
fn groups(words: &[&str], starts: impl Fn(&str, bool) -> bool) -> Vec<String> {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let mut between = false;
    for word in words {
        // The AND of a BETWEEN joins no conditions.
        let new = starts(word, between);
        between = if *word == "AND" { false } else { between || *word == "BETWEEN" };
        match lines.last_mut() {
            // `LEFT JOIN`, `INNER JOIN`: one clause.
            Some(line) if !new || (*word == "JOIN" && line.len() == 1) => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    lines.into_iter().map(|line| line.join(" ")).collect()
}

/// A clause: its conditions one a line if they don't fit on one.
fn terms(text: &str, indent: usize, out: &mut Vec<String>) {
    if text.len() + indent <= WIDTH {
        out.push(format!("{}{text}", " ".repeat(indent)));
        return;
    }
    let items = commas(text);
    if let [first, rest @ ..] = items.as_slice()
        && !rest.is_empty()
        && !rest.iter().all(|item| item.is_empty())
    {
        let last = rest.len() - 1;
        terms(&format!("{first},"), indent, out);
        for (i, item) in rest.iter().enumerate() {
            terms(&format!("{item}{}", if i == last { "" } else { "," }), indent + STEP, out);
        }
        return;
    }
    let words = words(text);
    for joint in ["OR", "AND", "WHEN", "ELSE", "+", "BETWEEN"] {
        let lines = groups(&words, |word, between| word == joint && !(joint == "AND" && between));
        if lines.len() > 1 {
            for (i, line) in lines.iter().enumerate() {
                terms(line, if i == 0 { indent } else { indent + STEP }, out);
            }
            return;
        }
    }
    if words.contains(&"BETWEEN") {
        let lines = groups(&words, |word, _| word == "AND");
        if lines.len() > 1 {
            lines.iter().for_each(|line| terms(line, indent, out));
            return;
        }
    }
    brackets(text, indent, out);
}

/// A text that is long because of what it has in brackets.
fn brackets(text: &str, indent: usize, out: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    let mut longest: Option<(usize, usize)> = None;
    let mut depth = 0;
    for (i, c, quoted) in scan(text) {
        match c {
            _ if quoted => {}
            '(' => {
                let end = closing(text, i);
                if depth == 0 && longest.is_none_or(|(from, to)| end - i > to - from) {
                    longest = Some((i, end));
                }
                depth += 1;
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    let Some((open, close)) = longest.filter(|(open, close)| close - open > 40) else {
        out.push(format!("{pad}{text}"));
        return;
    };
    out.push(format!("{pad}{}", &text[..=open]));
    let inner = &text[open + 1..close];
    if inner.starts_with("SELECT ") {
        query(inner, indent + STEP, out);
    } else {
        let parts = commas(inner);
        let last = parts.len() - 1;
        if inner.len() + indent + STEP <= WIDTH {
            terms(inner, indent + STEP, out);
        } else {
            for (i, part) in parts.iter().enumerate() {
                terms(&format!("{part}{}", if i == last { "" } else { "," }), indent + STEP, out);
            }
        }
    }
    terms(&text[close..], indent, out);
}
