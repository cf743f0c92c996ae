//! The Python package `cvm`: the facade's verbs, with JSON-able values and Arrow in and out.

mod arguments;
mod convert;
mod engine;
mod errors;
mod explanation;
mod filter;
mod journey;
mod journeys;
mod live;
mod matcher;
mod relation;
mod results;
mod rows;
mod simulation;
mod source;
mod wait;

/// Filters are many small pieces: this allocator serves them several times faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled part of `cvm`; use it through the package.
#[pyo3::pymodule(gil_used = false)]
mod _cvm {
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::explanation::Explanation;
    #[pymodule_export]
    use crate::filter::Filter;
    #[pymodule_export]
    use crate::journey::{edit_journey, journey_from_react_flow, journey_schema, journey_svg, journey_to_react_flow};
    #[pymodule_export]
    use crate::journeys::Journeys;
    #[pymodule_export]
    use crate::live::Live;
    #[pymodule_export]
    use crate::matcher::Matcher;
    #[pymodule_export]
    use crate::relation::{Relation, disjoint, equivalent, implies};
    #[pymodule_export]
    use crate::results::{LoadReport, Optimized, Query};
    #[pymodule_export]
    use crate::rows::Rows;
    #[pymodule_export]
    use crate::simulation::Simulation;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
