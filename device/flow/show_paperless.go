package flow

// paperlessButtons are the ways to a receipt that the shop has besides paper.
func (s State) paperlessButtons(r Recent) []Button {
	var all []Button
	if s.link(r.Sale) != "" {
		all = append(all, button("by-qr", wordByQR, "qr", Normal, ""))
	}
	if s.Durable.Settings.Receipts.Mail {
		all = append(all, button("by-mail", wordByMail, "mail", Normal, s.cannotMail(r)))
	}
	return all
}

// endButton leads on from a finished sale.
func (s State) endButton() Button {
	if s.kiosk() {
		return button("next", wordDone, "check", Primary, "")
	}
	return button("next", wordNext, "scan", Primary, "")
}

// showQR is the receipt as a code for the customer's telephone.
func (s State) showQR(v *View) {
	v.Title, v.QR = wordQRTitle, &QR{Text: wordQRText}
	v.Buttons = []Button{backButton(), s.endButton()}
	r, ok := s.lastSale()
	if !ok {
		return
	}
	v.QR.Slip, v.QR.Link = r.Sale.Slip, s.link(r.Sale)
	if s.World.Waiting > 0 {
		v.QR.Note = wordQRSoon
	}
	if !s.World.Online {
		v.QR.Note = wordQRLater
	}
	if s.Durable.Settings.Receipts.Mail {
		v.Buttons = append(v.Buttons, button("by-mail", wordByMail, "mail", Normal, s.cannotMail(r)))
	}
}

// showMail asks for the customer's e-mail address.
func (s State) showMail(v *View) {
	v.Title, v.Hint = wordMailTitle, wordMailHint
	if !s.World.Online {
		v.Hint = wordMailLater
	}
	v.Mail = &Mail{Value: s.Visit.Query, Error: s.Visit.Error}
	v.Buttons = []Button{backButton(), button("mail-ok", wordMailSend, "check", Primary, "")}
}
