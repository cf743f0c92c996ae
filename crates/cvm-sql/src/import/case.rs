//! Values that depend on conditions: `CASE`, `COALESCE`, `NULLIF`, `IF`.

use cvm_core::Filter;
use sqlparser::ast::{CaseWhen, Expr};

use super::Found;
use super::compare::Cmp;
use super::eval::Importer;
use super::scalar::{Node, Simple, branch};
use super::truth::complement;

impl Importer<'_> {
    pub(super) fn case(
        &self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Found<Node> {
        let mut result = match otherwise {
            Some(otherwise) => self.eval(otherwise, depth)?,
            None => Node::one(Simple::Null),
        };
        for CaseWhen { condition, result: value } in conditions.iter().rev() {
            let truth = match operand {
                Some(operand) => {
                    let (operand, wanted) = (self.eval(operand, depth)?, self.eval(condition, depth)?);
                    self.compare(operand, Cmp::Eq, wanted)?
                }
                None => self.truth(self.eval(condition, depth)?)?,
            };
            let value = self.eval(value, depth)?;
            result = self.choose(truth.yes?, value, result)?;
        }
        Ok(result)
    }

    /// The first where the filter holds, elsewhere the second; within the budget.
    pub(super) fn choose(&self, when: Filter, then: Node, otherwise: Node) -> Found<Node> {
        let node = branch(when, then, otherwise)?;
        self.charge(match &node {
            Node::Truth(truth) => [&truth.yes, &truth.no].into_iter().flatten().map(Filter::node_count).sum(),
            Node::Scalar(cases) => cases.iter().map(|case| case.when.node_count()).sum(),
        })?;
        Ok(node)
    }

    /// The first value that is not null.
    pub(super) fn coalesce(&self, values: Vec<Node>) -> Found<Node> {
        let mut result = Node::one(Simple::Null);
        for value in values.into_iter().rev() {
            let there = complement(value.null()?);
            result = match there {
                Filter::Everyone => value,
                Filter::Nobody => result,
                there => self.choose(there, value, result)?,
            };
        }
        Ok(result)
    }

    /// The first value, or null where it equals the second.
    pub(super) fn nullif(&self, value: Node, other: Node) -> Found<Node> {
        let equal = self.compare(value.clone(), Cmp::Eq, other)?;
        self.choose(equal.yes?, Node::one(Simple::Null), value)
    }
}
