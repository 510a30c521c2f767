package detect

// A check tells whether the check digit of a normalised number is right. A
// format's mask has been matched before, so digits are where they should be.
type check func(n string) bool

// digit is the value of a digit; a letter counts as its ASCII code less 3,
// modulo 10, as UPS has it.
func digit(c byte) int {
	if c >= '0' && c <= '9' {
		return int(c - '0')
	}
	return (int(c) - 3) % 10
}

// weighed sums digits by weights that repeat from the left.
func weighed(n string, weights ...int) (sum int) {
	for i := range len(n) {
		sum += digit(n[i]) * weights[i%len(weights)]
	}
	return sum
}

// complement is what a sum lacks to the next ten.
func complement(sum int) int { return (10 - sum%10) % 10 }

// body and last split a number at its check digit.
func body(n string) string { return n[:len(n)-1] }
func last(n string) int    { return digit(n[len(n)-1]) }

// gs1 is the check digit of the GS1 General Specifications (SSCC, IMpb, and
// most posts): weights 3 and 1 from the right.
func gs1(n string) bool {
	b := body(n)
	if len(b)%2 == 1 {
		return complement(weighed(b, 3, 1)) == last(n)
	}
	return complement(weighed(b, 1, 3)) == last(n)
}

// gs1From leaves out what stands before the checked part: a routing code, an
// application identifier.
func gs1From(start int) check { return func(n string) bool { return gs1(n[start:]) } }

// gs1Under puts a prefix before the number that the barcode has and people
// leave out. The prefix has an even number of digits.
func gs1Under(prefix string) check {
	return func(n string) bool {
		sum := weighed(prefix, 3, 1) + weighed(body(n), 3, 1)
		return complement(sum) == last(n)
	}
}

// luhn doubles every second digit from the right and sums the digits.
func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := digit(n[len(n)-1-i])
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// doubled is UPS's check digit: weights 1 and 2 from the left, after start.
func doubled(start int) check {
	return func(n string) bool { return complement(weighed(body(n[start:]), 1, 2)) == last(n) }
}

// ontrac is UPS's check digit with the service letter as a digit before the
// serial, unless the serial begins with it.
func ontrac(service byte) check {
	return func(n string) bool {
		serial := body(n[1:])
		if serial[0] == service {
			return complement(weighed(serial, 1, 2)) == last(n)
		}
		return complement(digit(service)+weighed(serial, 2, 1)) == last(n)
	}
}

// mod7 is the remainder of the digits before it (DHL Express, air waybills).
func mod7(n string) bool {
	rest := 0
	for i := range len(n) - 1 {
		rest = (rest*10 + digit(n[i])) % 7
	}
	return rest == last(n)
}

// fedex weighs the eleven or thirteen digits up to end by 1, 3 and 7 such that
// the last weighs 1, and takes modulo 11, 10 as 0.
func fedex(start, end int) check {
	return func(n string) bool {
		serial := n[start : end-1]
		sum := weighed(serial, 3, 1, 7)
		if len(serial)%3 == 1 {
			sum = weighed(serial, 1, 7, 3)
		}
		return sum%11%10 == digit(n[end-1])
	}
}

// identcode is Deutsche Post's for Identcode: weights 4 and 9 from the left.
func identcode(n string) bool { return complement(weighed(body(n), 4, 9)) == last(n) }

// mod3736 is ISO 7064 MOD 37,36 over digits and letters (DPD).
func mod3736(n string) bool {
	p := 36
	for i := range len(n) {
		v := int(n[i] - '0')
		if n[i] >= 'A' {
			v = int(n[i]-'A') + 10
		}
		p += v
		if i == len(n)-1 {
			break
		}
		if p > 36 {
			p -= 36
		}
		p = p * 2 % 37
	}
	return p%36 == 1
}

// postal is the check digit of UPU S10: nine digits after the service letters.
func postal(n string) bool {
	digits := n[2:11]
	c := 11 - weighed(digits[:8], 8, 6, 4, 2, 3, 5, 9, 7)%11
	switch c {
	case 10:
		c = 0
	case 11:
		c = 5
	}
	return c == digit(digits[8])
}
