//! Paths as the dialects write them.

/// A part of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part<'p> {
    /// A key of an object.
    Key(&'p str),
    /// A number: a key of an object, or an index of an array.
    Either(&'p str, u32),
}

/// The parts of a path, or why no database can follow it.
pub(super) fn parts(path: &[String]) -> Result<Vec<Part<'_>>, String> {
    path.iter()
        .map(|part| match part.parse::<usize>() {
            _ if part.contains('\0') => Err("a key with a NUL character can't be asked for".to_owned()),
            Ok(number) if number.to_string() != *part => {
                Err(format!("`{part}` is a key or an index, and databases differ in which; write `{number}`"))
            }
            // No array is longer than this, so it can only be a key.
            Ok(number) => Ok(i32::try_from(number)
                .ok()
                .and_then(|n| u32::try_from(n).ok())
                .map_or(Part::Key(part), |number| Part::Either(part, number))),
            Err(_) => Ok(Part::Key(part)),
        })
        .collect()
}

/// `$."plan"."tier"`: each path that the parts can mean, numbers as indices and as keys.
pub(super) fn dotted(parts: &[Part<'_>]) -> Vec<String> {
    let mut paths = vec!["$".to_owned()];
    for part in parts {
        let with = |end: &str, paths: &[String]| paths.iter().map(|path| format!("{path}{end}")).collect::<Vec<_>>();
        paths = match part {
            Part::Key(key) => with(&key_step(key), &paths),
            Part::Either(key, index) => {
                let mut both = with(&index_step(*index), &paths);
                both.extend(with(&key_step(key), &paths));
                both
            }
        };
    }
    paths
}

/// `."key"`, escaped as in JSON.
pub(super) fn key_step(key: &str) -> String {
    format!(".{}", serde_json::Value::from(key))
}

/// `[0]`.
pub(super) fn index_step(index: u32) -> String {
    format!("[{index}]")
}

/// `/plan/tier`, where a number is an index or a key, as it comes.
pub(super) fn pointer(parts: &[Part<'_>]) -> String {
    let keys = parts.iter().map(|part| match part {
        Part::Key(key) | Part::Either(key, _) => key.replace('~', "~0").replace('/', "~1"),
    });
    keys.map(|key| format!("/{key}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn numbers_are_keys_or_indices() {
        let keys = path("seats.0.it's \"x\"");
        let parts = parts(&keys).unwrap_or_default();
        assert_eq!(parts, [Part::Key("seats"), Part::Either("0", 0), Part::Key("it's \"x\"")]);
        assert_eq!(dotted(&parts), [r#"$."seats"[0]."it's \"x\"""#, r#"$."seats"."0"."it's \"x\"""#]);
        assert_eq!(pointer(&[Part::Key("a/b~c"), Part::Either("1", 1)]), "/a~1b~0c/1");
    }

    #[test]
    fn a_number_that_no_array_reaches_is_a_key() {
        assert_eq!(parts(&path("99999999999")), Ok(vec![Part::Key("99999999999")]));
        assert_eq!(parts(&path("-1")), Ok(vec![Part::Key("-1")]));
    }

    #[test]
    fn numbers_that_databases_read_differently_are_refused() {
        assert!(parts(&path("01")).is_err());
        assert!(parts(&path("+1")).is_err());
        assert!(parts(&path("a\0")).is_err());
    }
}
