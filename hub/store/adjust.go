package store

import "fmt"

// AdjustStock moves stock as MoveStock does, unless more would be taken away
// than there is: then it changes nothing and reports false. Items that are not
// sold with stock, and unknown ones, give ErrNotFound.
func (t *Tx) AdjustStock(c StockChange) (bool, error) {
	if err := checkChange(c); err != nil {
		return false, fmt.Errorf("adjust stock of %.60s: %w", c.Item, err)
	}
	var one int64
	if err := t.row(`SELECT 1 FROM items WHERE id = $1 AND stocked = 1`, []any{c.Item}, &one); err != nil {
		return false, fmt.Errorf("adjust stock of %s: %w", c.Item, err)
	}
	if c.Delta >= 0 {
		return true, t.moveStock(c)
	}
	n, err := t.changed(`UPDATE stock SET on_hand = on_hand + $1 WHERE item = $2 AND on_hand + $1 >= 0`, c.Delta, c.Item)
	if err != nil || n == 0 {
		return false, err
	}
	t.levelMoved(c.Item)
	return true, t.noteMove(c)
}

// noteMove writes the movement of a change that is on hand already.
func (t *Tx) noteMove(c StockChange) error {
	onHand, err := t.onHand(c.Item)
	if err != nil {
		return err
	}
	return t.insertAll(moveInsert, [][]any{{c.Item, c.Delta, onHand, c.Reason, "", 0, 0, c.Note, c.Operator, t.atMS}})
}
