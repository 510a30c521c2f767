package configs

// Shown is one effective setting as `waybill config` prints it.
type Shown struct {
	Key    string `json:"key"`
	Value  string `json:"value"` // secrets as "set" or "not set", addresses without credentials
	Origin Origin `json:"origin"`
}

// Masked lists every setting with its value, never a secret's.
func (c Config) Masked(origins Origins) []Shown {
	var shown []Shown
	for _, setting := range Settings() {
		shown = append(shown, Shown{
			Key: setting.Key, Value: format(setting.field(&c)), Origin: origins[setting.Key],
		})
	}
	return shown
}
