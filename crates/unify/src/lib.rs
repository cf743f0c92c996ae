//! No code: this crate only turns on dependency features (see ARCHITECTURE.md, "One build for every selection").
