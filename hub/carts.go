package hub

import "kickstand/hub/store"

// parked notes that a sale was parked or went from the list. What is in it is no
// fact of the books yet.
func (e *event) parked(t *store.Tx, id string, do func() error) error {
	if _, err := e.audit(t, id, "", map[string]string{}); err != nil {
		return err
	}
	return do()
}
