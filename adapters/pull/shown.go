package pull

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waybill/adapters/pull/rule"
	"waybill/tracker"
)

// Shown says which credentials an account has, for a list: secrets as *** alone.
func Shown(a *Account, r *rule.Rule) string {
	if r == nil {
		return "for a carrier that this version does not ask"
	}
	var parts []string
	for _, credential := range r.Credentials {
		value := a.credential(r, credential.Name)
		if credential.Secret {
			value = masked
		}
		parts = append(parts, credential.Name+"="+value)
	}
	return strings.Join(parts, " ")
}

// ParseRates reads rates as "1000/24h".
func ParseRates(texts []string) ([]tracker.CallRate, error) {
	var rates []tracker.CallRate
	for _, text := range texts {
		calls, per, _ := strings.Cut(text, "/")
		count, err := strconv.Atoi(calls)
		length, failed := time.ParseDuration(per)
		if err != nil || failed != nil || count < 1 || length <= 0 {
			return nil, fmt.Errorf("%q is no rate; give calls and time, such as 1000/24h or 10/1m", text)
		}
		rates = append(rates, tracker.CallRate{Calls: count, Per: length})
	}
	return rates, nil
}

// RatesText writes rates as ParseRates reads them.
func RatesText(rates []tracker.CallRate) string {
	texts := make([]string, len(rates))
	for i, rate := range rates {
		texts[i] = fmt.Sprintf("%d/%s", rate.Calls, rate.Per)
	}
	return strings.Join(texts, " ")
}
