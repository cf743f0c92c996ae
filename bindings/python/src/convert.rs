//! Values between Python and the facade. Documents go through Python's own `json`, so that what it knows of numbers,
//! cycles and depth holds here too.

use cvm::Value;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDate, PyDateTime, PyDelta, PyList, PyTzInfo};
use serde::Serialize;

/// Anything that serialises, as dicts, lists and scalars.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let text = serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))?;
    LOADS.import(py, "json", "loads")?.call1((text,))
}

/// A dict as JSON text.
pub(crate) fn to_json(value: &Bound<'_, PyAny>) -> PyResult<String> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    DUMPS.import(value.py(), "cvm._json", "dumps")?.call1((value,))?.extract()
}

/// A value as Python has it: `Decimal`, `date`, aware `datetime`; missing is `None`.
pub(crate) fn value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Ok(match value {
        Value::Missing => py.None().into_bound(py),
        Value::Bool(b) => b.into_pyobject(py)?.to_owned().into_any(),
        Value::Int(i) => i.into_pyobject(py)?.into_any(),
        Value::Float(x) => x.into_pyobject(py)?.into_any(),
        Value::Decimal(d) => DECIMAL.import(py, "decimal", "Decimal")?.call1((d.to_string(),))?,
        Value::Str(s) => s.into_pyobject(py)?.into_any(),
        Value::Date(d) => {
            // Python counts days from 0001-01-01, which is day 1.
            py.get_type::<PyDate>().call_method1("fromordinal", (i64::from(d.days()) + 719_163,))?
        }
        Value::Timestamp(t) => instant(py, t.micros())?,
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| self::value(py, item)).collect::<PyResult<_>>()?;
            PyList::new(py, items)?.into_any()
        }
        Value::Json(json) => to_python(py, json)?,
    })
}

pub(crate) fn instant(py: Python<'_>, micros: i64) -> PyResult<Bound<'_, PyAny>> {
    const DAY: i64 = 86_400_000_000;
    let utc = PyTzInfo::utc(py)?.to_owned();
    let epoch = PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc))?;
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let part = |n: i64| i32::try_from(n).map_err(|_| PyValueError::new_err("an instant beyond the year 9999"));
    let delta = PyDelta::new(py, part(days)?, part(rest / 1_000_000)?, part(rest % 1_000_000)?, false)?;
    epoch.add(delta)
}
