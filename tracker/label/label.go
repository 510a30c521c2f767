// Package label makes the labels of packages, as PDF for any printer and as ZPL for label printers. It is pure: the same
// labels give the same bytes.
package label

import (
	"errors"
	"fmt"
	"strings"

	"waybill/tracker"
)

// Label is what is printed for one package, on 100 by 150 millimetres.
type Label struct {
	// ID is the package's own tracking ID: as Code 128, and again in two dimensions.
	ID string
	// SSCC is the serial shipping container code, 18 digits, as GS1-128; empty for none.
	SSCC string
	// Sort is where it is sorted to, in large letters.
	Sort    string
	Service tracker.ServiceLevel
	// From and To are the lines of the addresses, the name first.
	From, To []string
	// Reference is the seller's order or word for it. Piece of Pieces is left out where Pieces is 0.
	Reference     string
	Piece, Pieces int
	// Return marks a parcel that goes back.
	Return bool
}

// Matrix is a code in two dimensions.
type Matrix string

// The matrices.
const (
	DataMatrix Matrix = "datamatrix"
	QR         Matrix = "qr"
)

// CheckSSCC says what is wrong with a serial shipping container code.
func CheckSSCC(code string) error {
	const digits = 18
	if len(code) != digits || strings.Trim(code, "0123456789") != "" {
		return errors.New("an SSCC has 18 digits, without (00) in front")
	}
	sum := 0
	for i, c := range code[:digits-1] {
		weight := 1
		if i%2 == 0 {
			weight = 3
		}
		sum += weight * int(c-'0')
	}
	if want := byte('0' + (10-sum%10)%10); code[digits-1] != want {
		return fmt.Errorf("its check digit is %c, not %c", want, code[digits-1])
	}
	return nil
}

// Lines are the lines of an address below a name.
func Lines(name string, a tracker.Address) []string {
	lines := []string{}
	for _, line := range append([]string{name}, a.Lines...) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	town := strings.TrimSpace(strings.Join([]string{a.PostalCode, a.City, a.State}, " "))
	if town != "" {
		lines = append(lines, strings.Join(strings.Fields(town), " "))
	}
	if a.Country != "" {
		lines = append(lines, a.Country)
	}
	return lines
}

// service is the service level as it is printed.
func (l *Label) service() string {
	text := strings.ToUpper(strings.ReplaceAll(string(l.Service), "_", " "))
	if l.Return {
		return strings.TrimSpace("RETURN " + text)
	}
	return text
}

// foot is the last line.
func (l *Label) foot() string {
	text := l.Reference
	if l.Pieces > 0 {
		text = strings.TrimSpace(fmt.Sprintf("%s   %d/%d", text, l.Piece, l.Pieces))
	}
	return text
}
