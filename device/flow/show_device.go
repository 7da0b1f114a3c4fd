package flow

// showDevice says what works, what does not, and which versions run.
func (s State) showDevice(v *View) {
	v.Title = wordDevice
	v.List = &List{}
	add := func(title, detail string, state PartState) {
		v.List.Rows = append(v.List.Rows, Row{Title: title, Detail: detail, State: state})
	}
	offset := s.Durable.Settings.Shop.UTCOffset
	for _, n := range s.Durable.Notices {
		add(wordNotice+" "+clockText(n.WallMS, offset), n.Text, PartWarning)
	}
	net := s.networkItem()
	add(wordNetwork, orElse(net.Text, wordWorks), net.State)
	for _, p := range s.World.Parts {
		add(wordPart(p.Name), orElse(p.Detail, wordWorks), p.State)
	}
	box := s.outboxItem()
	add(wordOutbox, wordWaitingEvents(s.World.Waiting)+" · "+itoa(s.World.Filled)+" % full", box.State)
	ready := PartOK
	if !s.ready() {
		ready = PartWarning
	}
	add(wordItems, wordItemsVersion(s.World.Items.Len(), s.World.Items.Version()), ready)
	add(wordSettings, wordVersion(s.Durable.Settings.Version), ready)
	add(wordProgram, orElse(s.Program, wordUnknownVersion), PartOK)
	add(wordLastSlip, s.lastSlip(), PartOK)
	s.showSeal(add)
	none := ""
	if len(s.Durable.Notices) == 0 {
		none = wordNoNotices
	}
	v.Buttons = []Button{
		backButton(),
		s.drawerButton("drawer"),
		button("receipts", wordReceipts, "receipt", Normal, ""),
		button("notices", wordRead, "check", Normal, none),
	}
	if s.Durable.Seal.Refused != "" {
		v.Buttons = append(v.Buttons, button("history", wordAcceptHistory, "check", Danger, s.cannotAccept()))
	}
}

func (s State) lastSlip() string {
	if s.Durable.Slips == 0 {
		return wordNone
	}
	return slipNumber(s.Prefix, s.Durable.Slips)
}
