package money

import "strings"

// Mode is how a fraction of a cent, or of a cash step, is rounded. All modes look
// at the distance from zero, so a refund rounds as its sale did.
type Mode string

// The rounding modes. The empty Mode is HalfUp.
const (
	HalfUp   Mode = "half-up"   // to the nearest, a half away from zero
	HalfEven Mode = "half-even" // to the nearest, a half to the even neighbour
	Up       Mode = "up"        // away from zero
	Down     Mode = "down"      // towards zero
)

func (m Mode) valid() bool {
	return m == "" || m == HalfUp || m == HalfEven || m == Up || m == Down
}

// Scope is where a tax is rounded.
type Scope string

// The rounding scopes. The empty Scope is PerLine.
const (
	PerLine     Scope = "line"     // each tax of each line is rounded
	PerDocument Scope = "document" // each tax is rounded once, from its exact sum over all lines
)

func (s Scope) valid() bool { return s == "" || s == PerLine || s == PerDocument }

// Million is the whole in parts per million: 100 %.
const Million int64 = 1_000_000

// Rate is one tax: its code on the books, its name on the receipt and how much it
// is in parts per million, 0 to [Million]. 5 % is 50,000.
type Rate struct {
	Code string `json:"code"`
	Name string `json:"name"`
	PPM  int64  `json:"ppm"`
}

// Rules is how a shop calculates. It is stored on every sale, because a refund or
// an audit years later must be able to repeat the sum.
type Rules struct {
	// Currency is the three letters of ISO 4217, such as "CAD". Only currencies
	// with hundredths are calculated.
	Currency string `json:"currency"`
	// Included says that prices contain their taxes.
	Included bool `json:"included"`
	// Mode rounds taxes and percent discounts.
	Mode Mode `json:"mode"`
	// Scope says where taxes are rounded.
	Scope Scope `json:"scope"`
	// CashStep is the smallest coin, such as 5 for 0.05; 0 and 1 mean no rounding.
	CashStep Cents `json:"cash_step"`
	// CashMode rounds to CashStep.
	CashMode Mode `json:"cash_mode"`
	// CashOnly rounds only what is paid in cash. Otherwise the total of the sale
	// is rounded, however it is paid.
	CashOnly bool `json:"cash_only"`
}

// maxCashStep is a hundred whole units, well above any smallest coin in use.
const maxCashStep Cents = 100_00

// Validate reports the first setting that cannot be calculated with, as a
// [*LimitError].
func (r Rules) Validate() error {
	if err := checkCurrency(r.Currency); err != nil {
		return err
	}
	if !r.Mode.valid() {
		return limit("rules.mode", string(r.Mode), "choose half-up, half-even, up or down")
	}
	if !r.Scope.valid() {
		return limit("rules.scope", string(r.Scope), "choose line or document")
	}
	if !r.CashMode.valid() {
		return limit("rules.cash_mode", string(r.CashMode), "choose half-up, half-even, up or down")
	}
	if r.CashStep < 0 || r.CashStep > maxCashStep {
		return limit("rules.cash_step", r.CashStep, "give the smallest coin, 0.00 to 100.00")
	}
	return nil
}

// oddCurrencies are the ISO 4217 codes whose minor unit is not a hundredth.
const oddCurrencies = " BHD BIF CLF CLP DJF GNF IQD ISK JOD JPY KMF KRW KWD LYD OMR PYG RWF TND UGX UYI UYW VND VUV XAF XOF XPF "

func checkCurrency(code string) error {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return limit("rules.currency", quoted(code), "give the three capital letters of the currency, such as CAD")
	}
	if strings.Contains(oddCurrencies, " "+code+" ") {
		return limit("rules.currency", code, "only currencies with two decimals can be used")
	}
	return nil
}
