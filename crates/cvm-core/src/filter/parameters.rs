//! Named parameters: places in a filter that are given a value when it is used.

use std::collections::{BTreeMap, BTreeSet};

use super::{Filter, Operand, RankBy};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::json::{Json, Object};

impl Filter {
    /// The names of the parameters, inside `where` too, each once.
    ///
    /// ```
    /// let filter: cvm_core::Filter = "age > :least and not (city = :city or age > :least)".parse()?;
    /// assert_eq!(filter.parameters(), ["city", "least"]);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        let mut copy = self.clone();
        copy.each_operand(&mut |operand| {
            if let Operand::Param { param } = operand {
                names.insert(param.clone());
            }
        });
        names.into_iter().collect()
    }

    /// The filter with values in place of parameters. Those that are given none stay, and checks report them.
    ///
    /// # Errors
    /// [`Code::UnknownOption`] for a value that no parameter takes: it is most often a typing error.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// let filter: cvm_core::Filter = "age > :least".parse()?;
    /// let values = BTreeMap::from([("least".to_owned(), 30.into())]);
    /// assert_eq!(filter.with_parameters(&values)?.to_string(), "age > 30");
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn with_parameters(&self, values: &BTreeMap<String, Operand>) -> Result<Self, Diagnostics> {
        let known = self.parameters();
        let mut out = Diagnostics::default();
        for name in values.keys().filter(|name| !known.contains(name)) {
            let finding = Diagnostic::error(Code::UnknownOption, "", format!("the filter has no parameter `{name}`"));
            out.push(finding.suggest_from(name, known.iter().map(String::as_str)));
        }
        let mut filled = self.clone();
        filled.each_operand(&mut |operand| {
            if let Operand::Param { param } = operand
                && let Some(value) = values.get(param)
            {
                *operand = value.clone();
            }
        });
        out.or(filled)
    }

    /// As [`Filter::with_parameters`], with the values as a JSON object: `{"least": 30, "cities": ["Paris", "Lyon"]}`.
    ///
    /// # Errors
    /// As there; what is wrong with the JSON.
    pub fn with_parameters_json(&self, text: &str) -> Result<Self, Diagnostics> {
        let json = crate::json::parse(text)?;
        let root = Path::ROOT;
        let mut out = Diagnostics::default();
        // Looked at as an object first: a key that stands twice could mean two things.
        let Some(_) = Object::new(json.clone(), &root, &mut out) else { return Err(out) };
        let Json::Object(entries) = json else { return Err(out) };
        let mut values = BTreeMap::new();
        for (name, json) in entries {
            if let Some(value) = super::read::operand(json, &root.key(&name), &mut out) {
                values.insert(name.into_owned(), value);
            }
        }
        out.or(())?;
        self.with_parameters(&values)
    }

    /// Calls `visit` with every value that something is compared with.
    fn each_operand(&mut self, visit: &mut impl FnMut(&mut Operand)) {
        let mut one = |operand: &mut Option<Operand>| operand.iter_mut().for_each(&mut *visit);
        match self {
            Self::Condition(condition) => one(&mut condition.value),
            Self::Event(event) => one(&mut event.value),
            Self::Related(related) => one(&mut related.value),
            _ => {}
        }
        for filter in self.inner_mut() {
            filter.each_operand(visit);
        }
    }

    /// The filters directly below this one, those in `where` and `among` too.
    fn inner_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::And { children } | Self::Or { children } | Self::AtLeast { children, .. } => {
                children.iter_mut().collect()
            }
            Self::Not { child } => vec![child],
            Self::Event(event) => event.filter.as_deref_mut().into_iter().collect(),
            Self::Sequence(sequence) => {
                let mut inner = Vec::new();
                for step in &mut sequence.steps {
                    inner.extend(step.filter.as_deref_mut());
                    inner.extend(step.without.as_mut().and_then(|absence| absence.filter.as_deref_mut()));
                }
                inner
            }
            Self::Regularly(node) => node.filter.as_deref_mut().into_iter().collect(),
            Self::Stopped(node) => node.filter.as_deref_mut().into_iter().collect(),
            Self::Restarted(node) => node.filter.as_deref_mut().into_iter().collect(),
            Self::Related(node) => node.filter.as_deref_mut().into_iter().collect(),
            Self::Rank(rank) => {
                let mut inner: Vec<&mut Self> = rank.among.as_deref_mut().into_iter().collect();
                if let RankBy::Event { filter: Some(filter), .. } = &mut rank.by {
                    inner.push(filter);
                }
                inner
            }
            _ => Vec::new(),
        }
    }
}
