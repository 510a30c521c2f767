package webhook

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// isTLS reports whether it was the encryption that failed: sellers look elsewhere for that than for a server that is down.
func isTLS(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	_, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok
}
