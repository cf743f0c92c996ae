//! What is said in messages.

use std::collections::BTreeMap;

use super::profiles::{Profiles, Task};
use crate::channel::Message;
use crate::message::{Renderer, TemplateError, voucher};
use crate::model::{Benefit, NodeKind, Offer, Template, VoucherCode};

/// Templates and offers.
///
/// ```
/// use cvm_journey::durable::Content;
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

/// Why there is no message.
pub(super) enum Unsaid {
    /// It may be made later.
    Later(String),
    /// It is wrong.
    Never(String),
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

    /// The message of a task, as its channel takes it.
    pub(super) fn message(&mut self, task: &Task<'_>, profiles: &mut impl Profiles) -> Result<Message, Unsaid> {
        let never = |error: &dyn std::fmt::Display| Unsaid::Never(error.to_string());
        let (channel, to, parts) = match &task.node.kind {
            NodeKind::Send(send) => {
                let to = profiles.address(&task.customer, &send.channel).map_err(Unsaid::Later)?;
                let mut context = profiles.context(task).map_err(Unsaid::Later)?;
                if let Some(id) = &send.offer {
                    let offer = self.offers.get(id).ok_or_else(|| never(&format!("there is no offer `{id}`")))?;
                    context = context.offer(offer, code(offer, task).as_deref());
                }
                let template = self.templates.get(&send.template);
                let template = template.ok_or_else(|| never(&format!("there is no template `{}`", send.template)))?;
                let parts = template.render(&send.channel, &context).map_err(|error| never(&error))?;
                (send.channel.clone(), to, parts)
            }
            NodeKind::Webhook(webhook) => {
                let mut parts = BTreeMap::new();
                if let Some(body) = &webhook.body {
                    if !self.bodies.contains_key(body) {
                        let renderer = Renderer::webhook(body).map_err(|error| never(&error))?;
                        self.bodies.insert(body.clone(), renderer);
                    }
                    let context = profiles.context(task).map_err(Unsaid::Later)?;
                    if let Some(renderer) = self.bodies.get(body) {
                        parts = renderer.render("webhook", &context).map_err(|error| never(&error))?;
                    }
                }
                ("webhook".to_owned(), Some(webhook.url.clone()), parts)
            }
            _ => return Err(Unsaid::Never(format!("`{}` sends nothing", task.node.id))),
        };
        Ok(Message {
            key: task.key.clone(),
            journey: task.journey.id.clone(),
            node: task.node.id.clone(),
            customer: task.customer.clone(),
            channel,
            to,
            parts,
            attempt: task.attempt,
        })
    }
}

/// The customer's own code.
fn code(offer: &Offer, task: &Task<'_>) -> Option<String> {
    match &offer.benefit {
        Benefit::Voucher { code: VoucherCode::Pool { codes } } => codes.get(task.code? as usize).cloned(),
        Benefit::Voucher { code: VoucherCode::Made { prefix } } => {
            Some(voucher::made(prefix, task.journey.settings.seed, &offer.id, &task.customer))
        }
        _ => None,
    }
}
