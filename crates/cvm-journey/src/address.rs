//! Addresses that are nobody's business outside: for checks, which see what is written, and for calls, which see where names
//! lead to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is not of the public internet: the special-purpose registries of IANA (RFC 6890), multicast, and what
/// leads into such an IPv4 address (RFC 4291, RFC 6052, RFC 3056, RFC 4380).
pub(crate) fn private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => private_v4(address),
        IpAddr::V6(address) => private_v6(address),
    }
}

fn private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        // Reserved, and the broadcast address.
        || a >= 240
        // Shared by customers of a provider (RFC 6598), benchmarks (RFC 2544), protocols, the old anycast of 6to4.
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || [(192, 0, 0), (192, 88, 99)].contains(&(a, b, c))
}

fn private_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, ..] = address.segments();
    // Only 2000::/3 is given out (RFC 4291, section 2.4), and one prefix that translates to IPv4.
    let translated = (a, b, c, d) == (0x64, 0xff9b, 0, 0);
    if translated {
        return address.segments().get(4..6) != Some(&[0, 0]) || private_v4(low(address));
    }
    a & 0xe000 != 0x2000
        // Teredo, benchmarks, ORCHID and other protocols, documentation.
        || (a == 0x2001 && b < 0x200)
        || (a == 0x2001 && b == 0xdb8)
        || (a == 0x3fff && b < 0x1000)
        || (a == 0x2002 && private_v4(Ipv4Addr::from((u32::from(b) << 16) | u32::from(c))))
}

/// The last 32 bits.
fn low(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::private;

    #[test]
    fn what_is_not_public_is_private() {
        let inside = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b::1:0:808:808",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in inside {
            assert!(private(address.parse().expect("an address")), "{address}");
        }
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.254",
            "64:ff9b::8.8.8.8",
            "2606:4700::1111",
            "2a00:1450::1",
            "2002:808:808::1",
        ];
        for address in outside {
            assert!(!private(address.parse().expect("an address")), "{address}");
        }
    }
}
