//! Addresses that are called.

use url::{Host, Url};

use crate::address::private;
use crate::finding::{Code, Finding};
use crate::model::{Journey, NodeKind};

pub(super) fn check(journey: &Journey, out: &mut Vec<Finding>) {
    for (i, node) in journey.nodes.iter().enumerate() {
        let NodeKind::Webhook(webhook) = &node.kind else { continue };
        let (path, id) = (format!("/nodes/{i}/data/url"), [node.id.as_str()]);
        let url = match Url::parse(&webhook.url) {
            Ok(url) if url.scheme() == "https" && url.host().is_some() => url,
            Ok(url) => {
                let message = format!("`{url}` is not called by https");
                out.push(
                    Finding::new(Code::WebAddress, path, message)
                        .nodes(id)
                        .help("write it like `https://example.com/hook`"),
                );
                continue;
            }
            Err(error) => {
                let message = format!("`{}` is no address: {error}", webhook.url);
                out.push(
                    Finding::new(Code::WebAddress, path, message)
                        .nodes(id)
                        .help("write it like `https://example.com/hook`"),
                );
                continue;
            }
        };
        let inside = match url.host() {
            Some(Host::Ipv4(address)) => private(address.into()),
            Some(Host::Ipv6(address)) => private(address.into()),
            Some(Host::Domain(name)) => private_name(name),
            None => false,
        };
        if inside {
            let message = format!("`{url}` is an address of a private network");
            let help = "journeys call addresses that everybody can see: put a public one in front of it";
            out.push(Finding::new(Code::PrivateAddress, path, message).nodes(id).help(help));
        }
    }
}

/// Names that mean this machine or its neighbours (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
fn private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // A name without a dot is looked up in the own network.
    !name.contains('.')
        || matches!(last, "localhost" | "local" | "internal" | "test" | "invalid" | "example" | "alt" | "arpa")
}
