package web

import (
	"encoding/json"
	"strconv"
	"time"

	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// paperlessPage are the shop's rules for receipts that are not on paper.
type paperlessPage struct {
	Was  string // mark of what the page was filled with
	Mail bool   // the hub can send e-mail
	None bool   // no address is set, so no QR code is offered
}

// paperless changes them.
func (o *office) paperless() change {
	return change{Section: "Receipts", Right: right.Settings, Show: o.showPaperless, Do: o.doPaperless}
}

func (o *office) showPaperless(v visit, f *form) (sheet, error) {
	rules, err := o.Store.ReceiptRules(v.Context())
	if err != nil {
		return sheet{}, err
	}
	f.Default("url", rules.URL)
	f.Default("print", box(rules.Print))
	f.Default("days", strconv.Itoa(rules.Kept()))
	was, err := markOf(rules)
	return sheet{Name: "paperless", Title: "Receipts", Data: paperlessPage{Was: was, Mail: v.settings.Receipts.Mail, None: rules.URL == ""}}, err
}

// markOf is the mark of rules.
func markOf(r store.ReceiptRules) (string, error) {
	text, err := json.Marshal(r)
	return fingerprint(text), err
}

func (o *office) doPaperless(v visit, f *form, t *store.Tx) (done, error) {
	before, err := t.ReceiptRules()
	if err != nil {
		return done{}, err
	}
	was, err := markOf(before)
	if err != nil {
		return done{}, err
	}
	if f.Get("was") != was {
		f.Fail("", "Somebody changed these settings while you typed. Nothing of yours was saved yet: look at it, and save again to replace it.")
		return done{}, nil
	}
	after := store.ReceiptRules{URL: f.Get("url"), Print: f.Get("print") == "1", Days: int(wholeField(f, "days", 1, 3650))}
	if err := protocol.CheckReceiptURL(after.URL); err != nil {
		f.Fail("url", sentence(err.Error()))
	}
	if !f.good() {
		return done{}, nil
	}
	if err := t.PutReceiptRules(after); err != nil {
		return done{}, err
	}
	return done{Leads: "/settings/receipts", Says: "Saved. Tills and kiosks that are connected know within moments, the others when they are back."},
		v.audit(t, "settings.receipts", "", map[string]any{"url": after.URL, "print": after.Print, "days": after.Days})
}

// mailRows is how many e-mails the page lists.
const mailRows = 100

// mailRow is one e-mail as the page shows it.
type mailRow struct {
	store.Mail
	To        string // masked; empty once it is forgotten
	Asked, At time.Time
}

// mailsPage are the receipts that customers asked for by e-mail.
type mailsPage struct {
	Rows   []mailRow
	Failed int64 // that nobody has seen
	Ready  bool  // the hub can send e-mail
}

// mails lists the receipts that customers asked for by e-mail.
func (o *office) mails(v visit) (sheet, error) {
	all, err := o.Store.Mails(v.Context(), mailRows)
	if err != nil {
		return sheet{}, err
	}
	p := mailsPage{Ready: v.settings.Receipts.Mail}
	for _, m := range all {
		r := mailRow{Mail: m, To: protocol.MaskAddress(m.Address), Asked: v.time(m.AskedMS), At: v.time(m.DueMS)}
		if m.EndedMS > 0 {
			r.At = v.time(m.EndedMS)
		}
		p.Rows = append(p.Rows, r)
	}
	p.Failed, err = o.Store.FailedMails(v.Context())
	return sheet{Name: "mails", Title: "Receipts by e-mail", Data: p}, err
}

// seeing notes that somebody knows of the e-mails that were given up.
func (o *office) seeing() change {
	return change{Section: "E-mails", Right: right.Findings, Show: o.showMails, Do: func(v visit, _ *form, t *store.Tx) (done, error) {
		if err := t.SeeMails(); err != nil {
			return done{}, err
		}
		return done{Leads: "/mails", Says: "Noted."}, v.audit(t, "mail.seen", "", map[string]any{})
	}}
}

// sendingAgain tries an e-mail once more that was given up.
func (o *office) sendingAgain() change {
	return change{Section: "E-mails", Right: right.Findings, Show: o.showMails, Do: func(v visit, f *form, t *store.Tx) (done, error) {
		again, err := t.MailAgain(f.Get("id"))
		if err != nil {
			return done{}, err
		}
		if !again {
			f.Fail("", "This e-mail cannot be sent again: its address is forgotten, or it is on its way.")
			return done{}, nil
		}
		return done{Leads: "/mails", Says: "It is tried again now."}, v.audit(t, "mail.again", f.Get("id"), map[string]any{})
	}}
}

func (o *office) showMails(v visit, _ *form) (sheet, error) { return o.mails(v) }
