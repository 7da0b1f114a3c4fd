package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// showAttract is the resting screen, or why the device cannot be used yet.
func (s State) showAttract(v *View) {
	if !s.ready() {
		s.showLoading(v)
		return
	}
	v.Screen = ScreenAttract
	v.Attract = &Attract{Shop: s.Durable.Settings.Shop.Name, Invite: wordInvite}
	v.Title = wordInvite
	if s.kiosk() {
		v.Attract.Invite, v.Title = wordInviteKiosk, wordInviteKiosk
		v.Buttons = append(s.helpButton(), button("search", wordFindByName, "search", Primary, ""))
		return
	}
	v.Buttons = append(s.whoButton(),
		s.parkedButton(),
		button("receipts", wordReceipts, "receipt", Normal, ""),
		button("till", wordTill, "cash", Normal, ""),
		s.drawerButton("drawer"),
		button("device", wordDevice, "info", Quiet, ""),
		button("search", wordSearch, "search", Normal, ""),
		button("start", wordStart, "scan", Primary, ""),
	)
}

func (s State) showLoading(v *View) {
	v.Screen = ScreenLoading
	v.Loading = &Loading{Have: s.World.Have, Total: s.World.Total}
	switch {
	case s.Durable.Settings.Version == 0:
		v.Title, v.Hint = wordSetUp, wordSetUpHint
	case s.World.Linked && !s.World.Online:
		v.Title, v.Hint = wordLoading, wordLoadingOffline
	default:
		v.Title, v.Hint = wordLoading, wordLoadingHint
	}
	if s.World.Total > 0 {
		v.Loading.Words = wordLoaded(s.World.Have, s.World.Total)
	}
	if s.kiosk() {
		return
	}
	v.Buttons = []Button{s.parkedButton(), button("device", wordDevice, "info", Quiet, "")}
}

// showSearch is the typed search.
func (s State) showSearch(v *View) {
	v.Title = wordSearchTitle
	v.Search = &Search{Query: s.Visit.Query, Hits: s.hitRows()}
	switch {
	case s.World.Items.Len() == 0:
		v.Search.Empty = wordNoItems
	case s.Visit.Query == "" && s.kiosk():
		v.Search.Empty = wordSearchKiosk
	case s.Visit.Query == "":
		v.Search.Empty = wordSearchEmpty
	case len(s.Visit.Hits) == 0:
		v.Search.Empty = wordHits(s.Visit.Query, s.kiosk())
	}
	v.Buttons = append([]Button{backButton()}, s.helpButton()...)
}

// helpButton explains the kiosk to a customer.
func (s State) helpButton() []Button {
	if !s.kiosk() {
		return nil
	}
	return []Button{button("help", wordHelp, "help", Quiet, "")}
}

func (s State) hitRows() []Row {
	var rows []Row
	for _, i := range s.Visit.Hits {
		r := Row{ID: "hit:" + i.ID, Title: itemName(i), Detail: itemDetail(i), Value: i.Price.String(), State: PartOK}
		if stocked(i.TaxCategory) && i.OnHand <= 0 {
			r.State = PartWarning
			r.Detail += " · " + wordStock(0, i.OnHand)
		}
		rows = append(rows, r)
	}
	return rows
}

// showParked lists the parked sales, oldest first.
func (s State) showParked(v *View) {
	v.Title, v.Hint = wordParkedTitle, wordParkedHint
	v.List = &List{Empty: wordNoParked}
	for i, c := range s.Durable.Parked {
		v.List.Rows = append(v.List.Rows, Row{
			ID: "resume:" + itoa(i+1), State: PartOK,
			Title:  parkedTitle(c),
			Detail: clockText(c.ParkedMS, s.Durable.Settings.Shop.UTCOffset) + " · " + plural(len(c.Lines), "line", "lines"),
			Value:  c.totals().Total.String(),
		})
	}
	v.List.Rows = append(v.List.Rows, s.otherRows()...)
	v.Buttons = []Button{backButton()}
}

func parkedTitle(c Basket) string {
	title := c.Lines[0].Name
	if n := len(c.Lines) - 1; n > 0 {
		title += " and " + itoa(n) + " more"
	}
	return title
}

// showOperators asks who is selling.
func (s State) showOperators(v *View) {
	v.Title = wordOperators
	v.List = &List{Empty: wordOperatorsEmpty}
	for _, o := range s.Durable.Settings.Operators {
		v.List.Rows = append(v.List.Rows, Row{ID: "operator:" + o.ID, Title: o.Name, Detail: o.Role, State: PartOK})
	}
	v.Buttons = []Button{backButton()}
}

// showReceipts lists the receipts that wait, then the ones to print again.
func (s State) showReceipts(v *View) {
	v.Title = wordReceipts
	v.List = &List{Empty: wordReceiptsEmpty}
	for _, j := range s.Durable.Jobs {
		state, words := s.jobLook(j)
		row := Row{Title: j.Slip, Detail: words, State: state, Buttons: s.jobButtons(j)}
		if i := s.recent(j.Sale); i >= 0 {
			row.Value = s.Durable.Recent[i].Sale.Totals.Total.String()
		}
		v.List.Rows = append(v.List.Rows, row)
	}
	for _, r := range s.Durable.Recent {
		if s.job(r.Sale.Slip) >= 0 {
			continue
		}
		v.List.Rows = append(v.List.Rows, Row{
			Title:  r.Sale.Slip,
			Detail: clockText(r.Sale.ClosedMS, r.Sale.Shop.UTCOffset) + " · " + r.Receipt,
			Value:  r.Sale.Totals.Total.String(), State: PartOK,
			Buttons: []Button{button("reprint:"+r.Sale.Slip, wordCopy, "printer", Normal, copiesLeft(r))},
		})
	}
	v.List.Rows = append(v.List.Rows, s.otherSales()...)
	v.Buttons = []Button{backButton()}
}

// showPriceCheck answers a customer.
func (s State) showPriceCheck(v *View) {
	i := s.Visit.Price
	v.Title = wordPrice
	v.Price = &Price{Name: itemName(i), Detail: itemDetail(i), Price: i.Price, Tax: s.taxWords(i), Icon: iconItem(i), Picture: s.picture(i.Picture)}
	if stocked(i.TaxCategory) {
		v.Price.Stock = wordStockKiosk(i.OnHand)
	}
	v.Buttons = append(s.helpButton(),
		button("back", wordDone, "back", Normal, ""),
		button("search", wordFindByName, "search", Normal, ""),
		button("buy", wordBuy, "card", Primary, orElse(s.cannotBuy(i), s.cannotTake(protocol.Card))),
	)
}

func (s State) taxWords(i catalogue.Item) string {
	switch {
	case len(i.Taxes) == 0:
		return ""
	case s.Durable.Settings.Rules.Included:
		return wordTaxIncluded
	}
	return wordPlusTax
}
