package hub

import (
	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// tillOpened writes the beginning of a till session.
func (e *event) tillOpened(t *store.Tx, b *protocol.TillOpened) error {
	left, err := t.OpenTill(e.topic.Device, b)
	if err != nil {
		return err
	}
	facts := map[string]any{"float": b.Float}
	if left != "" {
		facts["left"] = left
		e.result.note = "session " + left + " was never closed"
	}
	_, err = e.audit(t, b.ID, b.Operator, facts)
	return err
}

// zFacts is the body of a Z report's audit row.
type zFacts struct {
	Number   int64    `json:"number"`
	Expected int64    `json:"expected"`
	Counted  int64    `json:"counted"`
	Total    int64    `json:"total"`
	Document string   `json:"document"` // z_reports.digest
	Differs  []string `json:"differs,omitempty"`
}

// tillClosed stores a Z report. A device that recovered an old journal may report
// it again; the first one stands.
func (e *event) tillClosed(t *store.Tx, b *protocol.TillClosed) (err error) {
	if b.Name, err = t.NameOf(b.Operator, b.Name); err != nil {
		return err
	}
	document, err := keptReport(b)
	if err != nil {
		return err
	}
	salt := audit.NewSalt()
	differs, known, err := t.CloseTill(e.topic.Device, b, document, salt)
	if err != nil {
		return err
	}
	who := audit.Person(b.Operator, b.Name)
	if known {
		_, err = e.auditAs(t, string(e.env.Kind)+repeatedKind, b.ID, who, map[string]int64{"number": b.Number})
		return err
	}
	_, err = e.audit(t, b.ID, who, zFacts{
		Number: b.Number, Expected: int64(b.Figures.Expected()), Counted: int64(b.Counted), Total: int64(b.Figures.Total),
		Document: audit.Commit(salt, string(document)), Differs: differs,
	}, audit.Say("why", "", b.Why))
	return err
}
