//! What is said in messages.

use std::collections::BTreeMap;

use super::context::Context;
use super::error::TemplateError;
use super::renderer::Renderer;
use super::voucher;
use crate::model::{Benefit, Journey, NodeKind, Offer, Template, VoucherCode};

/// Templates and offers.
///
/// ```
/// use cvm_journey::message::Content;
/// let template = serde_json::from_str(r#"{"id": "hello", "content": {"email": {"body": "Hello"}}}"#)?;
/// let content = Content::new(&[template], Vec::new())?;
/// # let _ = content;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Content {
    templates: BTreeMap<String, Renderer>,
    offers: BTreeMap<String, Offer>,
    /// Bodies of calls, by their texts.
    bodies: BTreeMap<String, Renderer>,
}

/// What a node says to a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The customer's code, where the offer has one.
    pub code: Option<String>,
    /// What is said, part by part.
    pub parts: BTreeMap<String, String>,
}

impl Content {
    /// Templates, read once, and offers.
    ///
    /// # Errors
    /// The first thing that is wrong with a template.
    pub fn new(templates: &[Template], offers: Vec<Offer>) -> Result<Self, TemplateError> {
        let mut content = Self::default();
        for template in templates {
            content.templates.insert(template.id.clone(), Renderer::new(template)?);
        }
        content.offers = offers.into_iter().map(|offer| (offer.id.clone(), offer)).collect();
        Ok(content)
    }

    /// What a node of a journey says to a customer; `place` is that of the customer's code in the offer's pool. Nothing for
    /// nodes that send nothing.
    ///
    /// # Errors
    /// What is missing or can't be written, for people.
    pub fn say(
        &mut self,
        journey: &Journey,
        kind: &NodeKind,
        customer: &str,
        place: Option<u32>,
        mut context: Context,
    ) -> Result<Said, String> {
        let mut said = Said::default();
        match kind {
            NodeKind::Send(send) => {
                if let Some(id) = &send.offer {
                    let offer = self.offers.get(id).ok_or_else(|| format!("there is no offer `{id}`"))?;
                    said.code = code(offer, place, journey.settings.seed, customer);
                    context = context.offer(offer, said.code.as_deref());
                }
                let template = self.templates.get(&send.template);
                let template = template.ok_or_else(|| format!("there is no template `{}`", send.template))?;
                said.parts = template.render(&send.channel, &context).map_err(|error| error.to_string())?;
            }
            NodeKind::Webhook(webhook) => {
                if let Some(body) = &webhook.body {
                    if !self.bodies.contains_key(body) {
                        let renderer = Renderer::webhook(body).map_err(|error| error.to_string())?;
                        self.bodies.insert(body.clone(), renderer);
                    }
                    if let Some(renderer) = self.bodies.get(body) {
                        said.parts = renderer.render("webhook", &context).map_err(|error| error.to_string())?;
                    }
                }
            }
            _ => {}
        }
        Ok(said)
    }
}

/// The customer's code of an offer.
fn code(offer: &Offer, place: Option<u32>, seed: u64, customer: &str) -> Option<String> {
    let Benefit::Voucher { code } = &offer.benefit else { return None };
    match code {
        VoucherCode::Shared { code } => Some(code.clone()),
        VoucherCode::Pool { codes } => codes.get(place? as usize).cloned(),
        VoucherCode::Made { prefix } => Some(voucher::made(prefix, seed, &offer.id, customer)),
    }
}
