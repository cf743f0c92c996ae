//! Nothing: the package is its test, see `fuzz/main.rs`.
