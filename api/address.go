package api

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// addressOf is who limits are counted for: the nearest address that is none of our proxies. The header is read from
// its end, where our proxies write; what stands before them anybody can have made up.
func (s *Server) addressOf(c *fiber.Ctx) string {
	address, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return "unknown"
	}
	address = address.Unmap()
	if len(s.proxies) > 0 && s.trusts(address) {
		hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
		for _, text := range slices.Backward(hops) {
			hop, err := netip.ParseAddr(strings.TrimSpace(text))
			if err != nil {
				break
			}
			address = hop.Unmap()
			if !s.trusts(address) {
				break
			}
		}
	}
	if address.Is6() {
		// One household has a /64: its addresses count as one.
		if network, err := address.Prefix(64); err == nil {
			return network.Addr().String()
		}
	}
	return address.String()
}

func (s *Server) trusts(address netip.Addr) bool { return contains(s.proxies, address) }

func contains(networks []netip.Prefix, address netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
