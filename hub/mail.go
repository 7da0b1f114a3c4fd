package hub

import (
	"kickstand/hub/store"
	"kickstand/protocol"
)

// mail writes that a receipt is to be sent. The address is personal and no part of
// the journal.
func (e *event) mail(t *store.Tx, b *protocol.ReceiptMail) error {
	known, err := t.QueueMail(e.topic.Device, b)
	if err != nil {
		return err
	}
	kind := string(e.env.Kind)
	if known {
		kind += repeatedKind
	}
	_, err = e.auditAs(t, kind, b.Sale, "", map[string]string{"id": b.ID})
	return err
}
