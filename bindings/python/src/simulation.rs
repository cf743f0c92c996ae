//! What came of a simulation.

use std::fmt::Write;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;

use crate::convert;
use crate::rows::escape;

/// What came of a simulation. In a notebook it shows itself as a picture with how many went where.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Simulation(pub(crate) cvm::journey::Simulation);

#[pymethods]
impl Simulation {
    /// The journey, as a dict.
    #[getter]
    fn journey<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.journey)
    }

    /// When it began.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant(py, &self.0.from)
    }

    /// When it ended.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant(py, &self.0.until)
    }

    /// How many customers there are.
    #[getter]
    fn customers(&self) -> u64 {
        self.0.customers
    }

    /// How often customers entered.
    #[getter]
    fn entered(&self) -> u64 {
        self.0.entered
    }

    /// How many wanted to and did not, by the reason.
    #[getter]
    fn refused<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.refused)
    }

    /// How many left, by the reason.
    #[getter]
    fn left<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.left)
    }

    /// How many reached a goal, by its name.
    #[getter]
    fn reached<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.reached)
    }

    /// What happened at each node, in the order of the journey: dicts with `node`, `type`, `entered`, `waiting`, `left` (by the
    /// outcome), `out`, `done`, `failed`, `held` (by the reason), and day by day `by_day` and `waiting_by_day`.
    #[getter]
    fn nodes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.nodes)
    }

    /// Day by day, how many messages went out, by the channel, in all journeys.
    #[getter]
    fn messages<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.messages)
    }

    /// The customer who got most messages: a dict with `customer`, `messages`, and `in_a_day`, which is how many anybody got in
    /// a day at most. None where nobody got one.
    #[getter]
    fn most<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.most)
    }

    /// What the offers of the journey cost.
    #[getter]
    fn cost<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let cost: cvm::Decimal =
            self.0.cost.parse().map_err(|_| PyValueError::new_err(format!("`{}` is no number", self.0.cost)))?;
        convert::value(py, &cvm::Value::Decimal(cost))
    }

    /// How many customers got each arm of the experiments: by the node, by the arm.
    #[getter]
    fn arms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.arms)
    }

    /// The way of the customer who was asked about: dicts with `at`, `journey`, `step`, and what belongs to the step.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.path)
    }

    /// How many nodes customers came to, in all journeys.
    #[getter]
    fn steps(&self) -> u64 {
        self.0.steps
    }

    /// A picture of the journey with how many went where.
    fn svg(&self) -> String {
        self.0.svg()
    }

    /// All of it as dicts, lists and scalars.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0)
    }

    fn __repr__(&self) -> String {
        let sent: u64 = self.0.messages.iter().flat_map(|day| day.values()).sum();
        let Self(told) = self;
        let days = told.messages.len();
        format!(
            "<cvm.Simulation: {}, {days} days, {} of {} customers entered, {sent} messages>",
            told.journey.id, told.entered, told.customers
        )
    }

    fn _repr_svg_(&self) -> String {
        self.0.svg()
    }

    fn _repr_html_(&self) -> String {
        let mut out = self.0.svg();
        out.push_str("<table><thead><tr>");
        for title in ["node", "type", "entered", "waiting", "left", "done", "held"] {
            write!(out, "<th>{title}</th>").unwrap_or_default();
        }
        out.push_str("</tr></thead><tbody>");
        for node in &self.0.nodes {
            let (id, kind) = (escape(&node.node), escape(&node.kind));
            let (left, held) = (counted(&node.left), counted(&node.held));
            let (entered, waiting, done) = (node.entered, node.waiting, node.done);
            write!(out, "<tr><td>{id}</td><td>{kind}</td><td>{entered}</td><td>{waiting}</td>").unwrap_or_default();
            write!(out, "<td>{left}</td><td>{done}</td><td>{held}</td></tr>").unwrap_or_default();
        }
        out.push_str("</tbody></table>");
        out
    }
}

/// `yes 3, no 4`, as HTML.
fn counted(counts: &impl Serialize) -> String {
    let Ok(serde_json::Value::Object(counts)) = serde_json::to_value(counts) else { return String::new() };
    let one = |(name, many): (&String, &serde_json::Value)| format!("{} {many}", escape(name));
    counts.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn instant<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let at = cvm::Timestamp::parse_utc(text).ok_or_else(|| PyValueError::new_err(format!("`{text}` is no instant")))?;
    convert::instant(py, at.micros())
}
