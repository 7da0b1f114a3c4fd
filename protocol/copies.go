package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// SalesAsk asks for the shop's last sales, of all devices, so that any counter can
// print a copy of their receipts.
type SalesAsk struct {
	Most int `json:"most"` // how many, 1 to MaxLastSales
}

// Kind returns KindSalesAsk.
func (*SalesAsk) Kind() Kind { return KindSalesAsk }

// Check reports a number that no answer has.
func (a *SalesAsk) Check() error {
	if a.Most < 1 || a.Most > MaxLastSales {
		return fmt.Errorf("%d sales, 1 to %d can be asked for", a.Most, MaxLastSales)
	}
	return nil
}

// MaxLastSales is the most sales that a SalesLast lists.
const MaxLastSales = 40

// SalesLast is the answer to SalesAsk, the newest first.
type SalesLast struct {
	Sales []SaleBrief `json:"sales"`
}

// SaleBrief is a sale as a list shows it.
type SaleBrief struct {
	Slip   string      `json:"slip"`
	Device string      `json:"device"`
	AtMS   int64       `json:"at_ms"` // hub time it came, Unix ms
	Total  money.Cents `json:"total"`
}

// Kind returns KindSalesLast.
func (*SalesLast) Kind() Kind { return KindSalesLast }

// Check reports lists that are too long and sales without a number.
func (l *SalesLast) Check() error {
	if len(l.Sales) > MaxLastSales {
		return fmt.Errorf("%d sales, the limit is %d", len(l.Sales), MaxLastSales)
	}
	for _, s := range l.Sales {
		if !slipPattern.MatchString(s.Slip) {
			return errors.New("a sale has the number of its receipt")
		}
		if err := checkTexts(s.Device); err != nil {
			return err
		}
	}
	return nil
}
