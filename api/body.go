package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// inflated gives the body of a request as it was sent (raw), inflated where it is encoded, but never beyond most bytes:
// the framework's own Body would let a small bomb fill the memory.
func inflated(c *fiber.Ctx, raw []byte, most int) ([]byte, error) {
	if len(raw) > most {
		return nil, tooLarge(most)
	}
	var reader io.Reader
	var err error
	switch encoding := strings.ToLower(strings.TrimSpace(c.Get(fiber.HeaderContentEncoding))); encoding {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		reader, err = gzip.NewReader(bytes.NewReader(raw))
	case "deflate":
		reader, err = zlib.NewReader(bytes.NewReader(raw))
	default:
		return nil, problem("unsupported_encoding", "Send the body as it is, or with Content-Encoding gzip or deflate.")
	}
	if err != nil {
		return nil, brokenEncoding(err)
	}
	body, err := io.ReadAll(io.LimitReader(reader, int64(most)+1))
	if len(body) > most {
		return nil, tooLarge(most)
	}
	if err != nil {
		return nil, brokenEncoding(err)
	}
	return body, nil
}

func tooLarge(most int) *Problem {
	return problem("too_large", fmt.Sprintf("The body may have %d bytes, also when inflated; split it into several requests.", most))
}

// errEncoding marks a body that is not in the encoding that its header names.
var errEncoding = errors.New("the body is not in the encoding that Content-Encoding names")

func brokenEncoding(err error) error { return fmt.Errorf("%w: %w", errEncoding, err) }
