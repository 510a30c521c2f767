package dial

import "net/netip"

// global is all of IPv6 that is assigned for use on the internet (RFC 4291); loopback, link-local, unique local,
// NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), mapped and translated IPv4 lie outside.
var global = netip.MustParsePrefix("2000::/3")

// special are the blocks that are not what they seem, from IANA's special-purpose address registries.
var special = prefixes(
	"0.0.0.0/8",       // this network
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // shared by carriers' NAT; some clouds' metadata
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local; clouds' metadata
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, broadcast
	"2001::/23",       // protocol assignments, Teredo among them
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4: an IPv4 address inside
	"3fff::/20",       // documentation
)

func prefixes(list ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(list))
	for i, text := range list {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// Public reports whether an address is one on the public internet. IPv4 in the clothes of IPv6 is looked at as IPv4.
func Public(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() || (addr.Is6() && !global.Contains(addr)) {
		return false
	}
	for _, block := range special {
		if block.Contains(addr) {
			return false
		}
	}
	return true
}
