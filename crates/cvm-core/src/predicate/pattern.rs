//! Regular expressions that mean the same in every engine.
//!
//! The engines differ in what `\d`, `.`, `$`, `\b` and flags mean. Patterns are therefore read with Rust's parser, only
//! constructs with one meaning are let through, and what is handed to an engine is printed anew: classes spelt out,
//! `.` as "anything but a line feed", groups that capture nothing.

use std::fmt::Write;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetItem, GroupKind, RepetitionKind, RepetitionRange,
    parse::Parser,
};

/// A linear-time regular expression of the portable kind: literals, `.`, `^`, `$`, classes `[a-z]`, `\d` `\w` `\s`
/// (ASCII), groups, `|`, `*` `+` `?` `{m,n}` up to 255.
///
/// ```
/// use cvm_core::predicate::Pattern;
/// let pattern = Pattern::new(r"^\d{4}-[a-f]+$", false)?;
/// assert!(pattern.is_match("2024-cafe"));
/// assert_eq!(pattern.portable("$"), "^[0-9]{4}-[a-f]+$");
/// assert!(Pattern::new(r"\bword\b", false).is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pattern {
    ast: Ast,
    regex: Regex,
}

/// The largest count that every engine takes.
const MAX_REPEAT: u32 = 255;

impl Pattern {
    /// Reads a pattern; `fold` makes letters match whatever their case.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn new(source: &str, fold: bool) -> Result<Self, String> {
        let ast = Parser::new().parse(source).map_err(|error| format!("{}", error.kind()))?;
        let mut portable = String::new();
        print(&ast, &Style { end: r"\z", group: "(?:" }, &mut portable)?;
        let regex = RegexBuilder::new(&portable)
            .case_insensitive(fold)
            .size_limit(1 << 20)
            .build()
            .map_err(|_| "the pattern is too large".to_owned())?;
        Ok(Self { ast, regex })
    }

    /// Whether some part of the text fits.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The pattern for an engine in which `end` means the end of the text.
    #[must_use]
    pub fn portable(&self, end: &str) -> String {
        self.printed(&Style { end, group: "(?:" })
    }

    /// As [`Pattern::portable`], for an engine that has no groups but those that capture.
    #[must_use]
    pub fn with_plain_groups(&self, end: &str) -> String {
        self.printed(&Style { end, group: "(" })
    }

    fn printed(&self, style: &Style<'_>) -> String {
        let mut out = String::new();
        // Construction printed the same tree without an error.
        let _ = print(&self.ast, style, &mut out);
        out
    }
}

/// What engines write differently.
struct Style<'s> {
    /// The end of the text.
    end: &'s str,
    /// The beginning of a group.
    group: &'s str,
}

fn print(ast: &Ast, style: &Style<'_>, out: &mut String) -> Result<(), String> {
    match ast {
        Ast::Empty(_) => Ok(()),
        Ast::Literal(literal) => {
            escape(literal.c, r"\.+*?()|[]{}^$", out);
            Ok(())
        }
        Ast::Dot(_) => {
            out.push_str("[^\n]");
            Ok(())
        }
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::StartLine | AssertionKind::StartText => {
                out.push('^');
                Ok(())
            }
            AssertionKind::EndLine | AssertionKind::EndText => {
                out.push_str(style.end);
                Ok(())
            }
            _ => Err("word boundaries differ between databases; spell out what may stand there".into()),
        },
        Ast::ClassPerl(class) => {
            let _ = write!(out, "[{}{}]", if class.negated { "^" } else { "" }, perl(&class.kind));
            Ok(())
        }
        Ast::ClassBracketed(class) => {
            out.push_str(if class.negated { "[^" } else { "[" });
            match &class.kind {
                ClassSet::Item(item) => class_item(item, out)?,
                ClassSet::BinaryOp(_) => {
                    return Err("set operations in classes (`&&`, `--`, `~~`) are not portable".into());
                }
            }
            out.push(']');
            Ok(())
        }
        Ast::Repetition(repetition) => {
            if matches!(*repetition.ast, Ast::Repetition(_) | Ast::Assertion(_)) {
                return Err("a repetition of a repetition or of an anchor is not portable; put it in a group".into());
            }
            print(&repetition.ast, style, out)?;
            match &repetition.op.kind {
                RepetitionKind::ZeroOrOne => out.push('?'),
                RepetitionKind::ZeroOrMore => out.push('*'),
                RepetitionKind::OneOrMore => out.push('+'),
                RepetitionKind::Range(range) => {
                    let (low, high) = match *range {
                        RepetitionRange::Exactly(n) => (n, Some(n)),
                        RepetitionRange::AtLeast(n) => (n, None),
                        RepetitionRange::Bounded(low, high) => (low, Some(high)),
                    };
                    if low.max(high.unwrap_or(0)) > MAX_REPEAT {
                        return Err(format!("more than {MAX_REPEAT} repetitions are not portable"));
                    }
                    let _ = match high {
                        Some(high) if high == low => write!(out, "{{{low}}}"),
                        Some(high) => write!(out, "{{{low},{high}}}"),
                        None => write!(out, "{{{low},}}"),
                    };
                }
            }
            Ok(())
        }
        Ast::Group(group) => {
            if let GroupKind::NonCapturing(flags) = &group.kind
                && !flags.items.is_empty()
            {
                return Err("flags are not portable; use the condition's `case` to ignore case".into());
            }
            out.push_str(style.group);
            print(&group.ast, style, out)?;
            out.push(')');
            Ok(())
        }
        Ast::Alternation(alternation) => {
            for (i, branch) in alternation.asts.iter().enumerate() {
                if i > 0 {
                    out.push('|');
                }
                print(branch, style, out)?;
            }
            Ok(())
        }
        Ast::Concat(concat) => concat.asts.iter().try_for_each(|part| print(part, style, out)),
        Ast::Flags(_) => Err("flags are not portable; use the condition's `case` to ignore case".into()),
        Ast::ClassUnicode(_) => Err("Unicode classes (`\\p{…}`) are not portable; spell out the characters".into()),
    }
}

fn class_item(item: &ClassSetItem, out: &mut String) -> Result<(), String> {
    const META: &str = r"\[]^-";
    match item {
        ClassSetItem::Empty(_) => {}
        ClassSetItem::Literal(literal) => escape(literal.c, META, out),
        ClassSetItem::Range(range) => {
            escape(range.start.c, META, out);
            out.push('-');
            escape(range.end.c, META, out);
        }
        ClassSetItem::Perl(class) if !class.negated => out.push_str(perl(&class.kind)),
        ClassSetItem::Union(union) => {
            for item in &union.items {
                class_item(item, out)?;
            }
        }
        _ => return Err("only characters, ranges and `\\d` `\\w` `\\s` are portable inside a class".into()),
    }
    Ok(())
}

fn perl(kind: &ClassPerlKind) -> &'static str {
    match kind {
        ClassPerlKind::Digit => "0-9",
        ClassPerlKind::Space => " \t\n\r\u{c}\u{b}",
        ClassPerlKind::Word => "0-9A-Za-z_",
    }
}

fn escape(c: char, meta: &str, out: &mut String) {
    if meta.contains(c) {
        out.push('\\');
    }
    out.push(c);
}
