//! Hands napi its linker settings.

fn main() {
    napi_build::setup();
}
