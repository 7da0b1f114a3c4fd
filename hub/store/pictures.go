package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// Picture returns the picture of an item, or ErrNotFound.
func (s *Store) Picture(ctx context.Context, item string) (protocol.Picture, error) {
	p := protocol.Picture{Item: item}
	err := s.row(ctx, `SELECT mark, jpeg FROM item_pictures WHERE item = $1`, []any{item}, &p.Mark, &p.JPEG)
	if err != nil {
		return p, fmt.Errorf("picture of %.60s: %w", item, err)
	}
	return p, nil
}

// PutPictures gives items a picture, or another one, and tells every device. An
// unknown item gives ErrNotFound.
func (t *Tx) PutPictures(all ...protocol.Picture) error {
	items := make([]Item, len(all))
	for i, p := range all {
		it, err := t.Item(p.Item)
		if err = errors.Join(err, p.Check()); err != nil {
			return fmt.Errorf("put picture of %.60s: %w", p.Item, err)
		}
		err = t.exec(`INSERT INTO item_pictures (item, mark, jpeg, changed_ms) VALUES ($1, $2, $3, $4)
			ON CONFLICT (item) DO UPDATE SET mark = excluded.mark, jpeg = excluded.jpeg, changed_ms = excluded.changed_ms`,
			p.Item, p.Mark, p.JPEG, t.atMS)
		if err != nil {
			return fmt.Errorf("put picture of %s: %w", p.Item, err)
		}
		items[i] = it
	}
	_, err := t.PutItems(items)
	return err
}

// DropPicture takes the picture of an item away and tells every device. It reports
// whether there was one.
func (t *Tx) DropPicture(item string) (bool, error) {
	it, err := t.Item(item)
	if err != nil {
		return false, fmt.Errorf("drop picture: %w", err)
	}
	n, err := t.changed(`DELETE FROM item_pictures WHERE item = $1`, item)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = t.PutItems([]Item{it})
	return true, err
}

// pictureMark is the mark of an item's picture, empty when it has none.
func (t *Tx) pictureMark(item string) (mark string, err error) {
	err = t.row(`SELECT mark FROM item_pictures WHERE item = $1`, []any{item}, &mark)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return mark, err
}
