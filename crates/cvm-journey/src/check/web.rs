//! Addresses that are called.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

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
        let private = match url.host() {
            Some(Host::Ipv4(address)) => private_v4(address),
            Some(Host::Ipv6(address)) => private_v6(address),
            Some(Host::Domain(name)) => private_name(name),
            None => false,
        };
        if private {
            let message = format!("`{url}` is an address of a private network");
            let help = "journeys call addresses that everybody can see: put a public one in front of it";
            out.push(Finding::new(Code::PrivateAddress, path, message).nodes(id).help(help));
        }
    }
}

/// Addresses that are not of the public internet (RFC 6890; shared addresses, RFC 6598; benchmarks, RFC 2544).
fn private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0)
}

fn private_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return private_v4(inner);
    }
    let [first, second, third, ..] = address.segments();
    // What leads into IPv4 (RFC 6052, RFC 3056) leads where that address does.
    let embedded = match first {
        0x64 if second == 0xff9b => Some(low_v4(address)),
        0x2002 => Some(Ipv4Addr::from((u32::from(second) << 16) | u32::from(third))),
        _ => None,
    };
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || (first, second) == (0x2001, 0x0db8)
        || embedded.is_some_and(private_v4)
}

/// The last 32 bits.
fn low_v4(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Names that mean this machine or its neighbours (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
fn private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // A name without a dot is looked up in the own network.
    !name.contains('.')
        || matches!(last, "localhost" | "local" | "internal" | "test" | "invalid" | "example" | "alt" | "arpa")
}
