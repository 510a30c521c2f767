package simulate

import (
	"math/rand/v2"
	"regexp"
)

// dates finds 20261123 and 2026-11-23 at the beginning of a value.
var dates = regexp.MustCompile(`([">]20[0-9]{2}-?)[0-9]{2}(-?)[0-9]{2}`)

// Odd is a body that something went wrong with on its way: what carriers really send now and then. Waybill keeps such
// in quarantine, or reads what can be read of it.
func Odd(rng *rand.Rand, post Post) Post {
	switch rng.IntN(3) {
	case 0: // the connection broke off
		post.Body = post.Body[:len(post.Body)/2]
	case 1: // a proxy on the way answered in the carrier's stead
		post.ContentType = "text/html"
		post.Body = []byte("<html><body><h1>502 Bad Gateway</h1></body></html>")
	default: // a date that is none
		post.Body = dates.ReplaceAll(post.Body, []byte("${1}02${2}30"))
	}
	return post
}
