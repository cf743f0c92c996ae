//! Names become addresses, unless they lead inside.

use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use url::Host;

use crate::address::private;

/// An address that is not called.
#[derive(Debug, Error)]
#[error("`{0}` leads to an address of a private network")]
pub(super) struct PrivateAddress(String);

/// Looks names up as the system does, and refuses those of which any address is private. What comes out is what is connected
/// to, so a name that changes between two looks gains nothing.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let asked = host.clone();
            // The port is put in by whoever connects.
            let found = tokio::task::spawn_blocking(move || (asked.as_str(), 0).to_socket_addrs());
            let addresses: Vec<SocketAddr> = found.await??.collect();
            if addresses.iter().any(|address| private(address.ip())) {
                return Err(PrivateAddress(host).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Addresses that stand in a URL as numbers are never looked up.
pub(super) fn numbers_are_public(url: &Url) -> Result<(), PrivateAddress> {
    let inside = match url.host() {
        Some(Host::Ipv4(address)) => private(address.into()),
        Some(Host::Ipv6(address)) => private(address.into()),
        Some(Host::Domain(_)) | None => false,
    };
    if inside { Err(PrivateAddress(url.host_str().unwrap_or_default().to_owned())) } else { Ok(()) }
}

/// Whether an error comes from here, however it was wrapped.
pub(super) fn private_address<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e PrivateAddress> {
    let mut error = Some(error);
    while let Some(one) = error {
        if let Some(found) = one.downcast_ref() {
            return Some(found);
        }
        error = one.source();
    }
    None
}
