package web

import (
	"strconv"

	"kickstand/hub/right"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// rulesPage says how the shop calculates and runs its tills.
type rulesPage struct {
	Was      string
	Currency string
	Included bool
}

// Limits of what can be set. A coin is at most 1.00; a variance of more than
// 100.00 needs a reason anywhere; an idle time under 20 s would park sales while
// somebody looks for a wallet.
const (
	mostCoin    = money.Cents(1_00)
	mostAccept  = money.Cents(100_00)
	leastIdle   = 20
	mostIdle    = 3600
	usualIdle   = 90
	mostPieces  = 200
	usualPieces = 15
	mostSelf    = money.Cents(10_000_00)
	usualSelf   = money.Cents(500_00)
	mostGift    = money.Cents(10_000_00)
)

var modes = []money.Mode{money.HalfUp, money.HalfEven, money.Up, money.Down}

var shopRules = setting{
	Path: "/settings/rules", Kind: "settings.rules",
	Part: func(set protocol.Settings) any {
		return []any{set.Rules, set.Till.Sessions, set.Till.Accept, set.IdleS, set.Gift}
	},
	Apply: applyRules,
	Facts: func(set protocol.Settings) any {
		return map[string]any{"rules": set.Rules, "sessions": set.Till.Sessions, "accept": set.Till.Accept, "idle_s": set.IdleS, "gift": set.Gift}
	},
}

// ruling changes how the shop calculates and runs its tills.
func (o *office) ruling() change {
	return change{Section: "Shop rules", Right: right.Settings, Show: o.showRules, Do: shopRules.do}
}

func (o *office) showRules(v visit, f *form) (sheet, error) {
	set := v.settings
	f.Default("step", amount(set.Rules.CashStep))
	f.Default("cashmode", string(orUsual(set.Rules.CashMode, money.HalfUp)))
	f.Default("cashonly", ways(set.Rules.CashOnly, "cash", "all"))
	f.Default("mode", string(orUsual(set.Rules.Mode, money.HalfUp)))
	f.Default("scope", string(orUsual(set.Rules.Scope, money.PerLine)))
	f.Default("sessions", box(set.Till.Sessions))
	f.Default("accept", amount(set.Till.Accept))
	least, most := set.Gift.Bounds()
	f.Default("giftleast", amount(least))
	f.Default("giftmost", amount(most))
	f.Default("idle", strconv.Itoa(orUsual(set.IdleS, usualIdle)))
	return sheet{Name: "shoprules", Title: "Shop rules", Data: rulesPage{Was: shopRules.shown(set), Currency: set.Rules.Currency, Included: set.Rules.Included}}, nil
}

// applyRules leaves the currency, and whether prices contain their taxes, as they
// are: every price of the shop would mean something else.
func applyRules(_ visit, f *form, set *protocol.Settings) {
	set.Rules.CashStep = moneyField(f, "step", 0, mostCoin)
	set.Rules.CashMode = kept(set.Rules.CashMode, oneOf(f, "cashmode", modes...), money.HalfUp)
	set.Rules.CashOnly = oneOf(f, "cashonly", "cash", "all") == "cash"
	set.Rules.Mode = kept(set.Rules.Mode, oneOf(f, "mode", modes...), money.HalfUp)
	set.Rules.Scope = kept(set.Rules.Scope, oneOf(f, "scope", money.PerLine, money.PerDocument), money.PerLine)
	set.Till.Sessions = f.Get("sessions") == "1"
	set.Till.Accept = moneyField(f, "accept", 0, mostAccept)
	least, most := set.Gift.Bounds()
	set.Gift.Least = kept(set.Gift.Least, moneyField(f, "giftleast", 1, mostGift), least)
	set.Gift.Most = kept(set.Gift.Most, moneyField(f, "giftmost", 1, mostGift), most)
	if l, m := set.Gift.Bounds(); l > m {
		f.Fail("giftmost", "A card must hold at least what is put on at a time.")
	}
	set.IdleS = kept(set.IdleS, int(wholeField(f, "idle", leastIdle, mostIdle)), usualIdle)
}

// kioskPage says what a customer may buy alone.
type kioskPage struct {
	Was, Currency string
}

var kioskRules = setting{
	Path: "/settings/kiosk", Kind: "settings.kiosk",
	Part: func(set protocol.Settings) any { return []any{set.SelfItems, set.SelfMax} },
	Apply: func(_ visit, f *form, set *protocol.Settings) {
		set.SelfItems = kept(set.SelfItems, int(wholeField(f, "items", 1, mostPieces)), usualPieces)
		set.SelfMax = kept(set.SelfMax, moneyField(f, "most", 1_00, mostSelf), usualSelf)
	},
	Facts: func(set protocol.Settings) any {
		return map[string]any{"items": set.SelfItems, "most": set.SelfMax}
	},
}

// limiting changes what a customer may buy alone at a kiosk.
func (o *office) limiting() change {
	return change{Section: "Kiosk", Right: right.Settings, Show: o.showKiosk, Do: kioskRules.do}
}

func (o *office) showKiosk(v visit, f *form) (sheet, error) {
	f.Default("items", strconv.Itoa(orUsual(v.settings.SelfItems, usualPieces)))
	f.Default("most", amount(orUsual(v.settings.SelfMax, usualSelf)))
	return sheet{Name: "kiosk", Title: "Kiosk", Data: kioskPage{Was: kioskRules.shown(v.settings), Currency: v.settings.Rules.Currency}}, nil
}

// orUsual is what a setting that says nothing stands for.
func orUsual[T comparable](set, usual T) T {
	var nothing T
	if set == nothing {
		return usual
	}
	return set
}

// kept is what was typed, but leaves a setting that says nothing as it is when
// that means the same.
func kept[T comparable](set, typed, usual T) T {
	if orUsual(set, usual) == typed {
		return set
	}
	return typed
}

func ways(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}
