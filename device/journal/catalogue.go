package journal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"kickstand/protocol/catalogue"
)

const (
	chunkItems = 250  // of a snapshot in one transaction, so that a sale never waits for all of it
	deltaItems = 1000 // of a change in one transaction; a longer change is stored as a snapshot
)

// Catalogue is a set of items that leads from one version to another.
type Catalogue struct {
	From    int64 // 0: Items are all there is; else: what changed after this version
	Version int64 // the version once Items are stored, at least 1
	Items   []catalogue.Item
}

// current is the pointer to the valid catalogue. A snapshot is written beside
// the old one, and moving the pointer is what makes it valid.
type current struct {
	Version int64  `json:"version"`
	Bucket  string `json:"bucket"`
}

// Catalogue returns the stored catalogue, ordered by item id. The version is 0
// and the items are nil if there is none.
func (j *Journal) Catalogue() (version int64, items []catalogue.Item, err error) {
	err = j.view(func(tx *bbolt.Tx) error {
		cur, err := readCurrent(tx)
		if err != nil || cur.Version == 0 {
			return err
		}
		version = cur.Version
		path := bucketCatalogue + "/" + cur.Bucket
		return tx.Bucket([]byte(bucketCatalogue)).Bucket([]byte(cur.Bucket)).ForEach(func(k, v []byte) error {
			data, err := unseal(path, k, v)
			if err != nil {
				return fmt.Errorf("item %s: %w", k, err)
			}
			var it catalogue.Item
			if err := json.Unmarshal(data, &it); err != nil {
				return fmt.Errorf("item %s: %w", k, err)
			}
			items = append(items, it)
			return nil
		})
	})
	if err != nil {
		return 0, nil, fmt.Errorf("read catalogue: %w", err)
	}
	return version, items, nil
}

// StoreCatalogue stores a snapshot or a change. A power cut leaves either the
// old catalogue or the new one, never a mixture. Commits go on between the
// pieces of a snapshot. A change must begin at the stored version, else the
// error wraps ErrVersion. One call at a time.
func (j *Journal) StoreCatalogue(ctx context.Context, c Catalogue) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("store catalogue: %w", err)
	}
	var err error
	switch {
	case c.From != 0 && len(c.Items) <= deltaItems:
		err = j.storeDelta(ctx, c)
	case c.From != 0:
		c, err = j.merged(c)
		if err != nil {
			break
		}
		fallthrough
	default:
		err = j.storeSnapshot(ctx, c)
	}
	if err != nil {
		return fmt.Errorf("store catalogue %d: %w", c.Version, err)
	}
	return nil
}

func (c Catalogue) check() error {
	if c.Version < 1 || c.From < 0 || c.From > c.Version {
		return fmt.Errorf("cannot lead from version %d to %d", c.From, c.Version)
	}
	for _, it := range c.Items {
		if it.ID == "" || len(it.ID) > 400 {
			return fmt.Errorf("item id %.60q", it.ID)
		}
	}
	return nil
}

// merged turns a long change into a snapshot.
func (j *Journal) merged(c Catalogue) (Catalogue, error) {
	version, items, err := j.Catalogue()
	if err != nil {
		return c, err
	}
	if version != c.From {
		return c, fmt.Errorf("%w: it begins at %d, stored is %d", ErrVersion, c.From, version)
	}
	changed := make(map[string]bool, len(c.Items))
	for _, it := range c.Items {
		changed[it.ID] = true
	}
	items = slices.DeleteFunc(items, func(it catalogue.Item) bool { return changed[it.ID] })
	return Catalogue{Version: c.Version, Items: append(items, c.Items...)}, nil
}

func (j *Journal) storeDelta(ctx context.Context, c Catalogue) error {
	rows, err := encodeItems(c.Items)
	if err != nil {
		return err
	}
	var stale error // for the caller: not a reason to stop the journal
	err = j.write1(ctx, func(tx *bbolt.Tx) error {
		cur, err := readCurrent(tx)
		if err != nil {
			return err
		}
		if cur.Version != c.From {
			stale = fmt.Errorf("%w: it begins at %d, stored is %d", ErrVersion, c.From, cur.Version)
			return nil
		}
		if err := putItems(tx, cur.Bucket, rows); err != nil {
			return err
		}
		cur.Version = c.Version
		return writeCurrent(tx, cur)
	})
	if err != nil {
		return err
	}
	return stale
}

func (j *Journal) storeSnapshot(ctx context.Context, c Catalogue) error {
	c.Items = slices.Clone(c.Items)
	slices.SortFunc(c.Items, func(a, b catalogue.Item) int { return cmp.Compare(a.ID, b.ID) })
	var next string
	if err := j.write1(ctx, func(tx *bbolt.Tx) (err error) {
		next, err = beginSnapshot(tx)
		return err
	}); err != nil {
		return err
	}
	for part := range slices.Chunk(c.Items, chunkItems) {
		rows, err := encodeItems(part)
		if err != nil {
			return err
		}
		if err := j.write1(ctx, func(tx *bbolt.Tx) error { return putItems(tx, next, rows) }); err != nil {
			return err
		}
	}
	return j.write1(ctx, func(tx *bbolt.Tx) error {
		cur, err := readCurrent(tx)
		if err != nil {
			return err
		}
		if cur.Bucket != "" {
			if err := tx.Bucket([]byte(bucketCatalogue)).DeleteBucket([]byte(cur.Bucket)); err != nil {
				return err
			}
		}
		return writeCurrent(tx, current{Version: c.Version, Bucket: next})
	})
}

// write1 queues one piece and waits until it is on the disk.
func (j *Journal) write1(ctx context.Context, chunk func(*bbolt.Tx) error) error {
	_, err := j.ask(ctx, &job{chunk: chunk, answer: make(chan answer, 1)})
	return err
}

// beginSnapshot removes what an interrupted snapshot left and makes a bucket for
// a new one.
func beginSnapshot(tx *bbolt.Tx) (string, error) {
	b := tx.Bucket([]byte(bucketCatalogue))
	cur, err := readCurrent(tx)
	if err != nil {
		return "", err
	}
	var left [][]byte
	if err := b.ForEachBucket(func(k []byte) error {
		if string(k) != cur.Bucket {
			left = append(left, slices.Clone(k))
		}
		return nil
	}); err != nil {
		return "", err
	}
	for _, k := range left {
		if err := b.DeleteBucket(k); err != nil {
			return "", err
		}
	}
	name := "a"
	if cur.Bucket == name {
		name = "b"
	}
	_, err = b.CreateBucket([]byte(name))
	return name, err
}

// itemRow is an encoded item; no data means that it is to be removed.
type itemRow struct {
	id   string
	data []byte
}

func encodeItems(items []catalogue.Item) ([]itemRow, error) {
	rows := make([]itemRow, 0, len(items))
	for _, it := range items {
		r := itemRow{id: it.ID}
		if !it.Retired {
			data, err := json.Marshal(it)
			if err != nil {
				return nil, fmt.Errorf("item %s: %w", it.ID, err)
			}
			r.data = data
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func putItems(tx *bbolt.Tx, bucket string, rows []itemRow) error {
	b := tx.Bucket([]byte(bucketCatalogue)).Bucket([]byte(bucket))
	path := bucketCatalogue + "/" + bucket
	for _, r := range rows {
		err := b.Delete([]byte(r.id))
		if r.data != nil {
			err = put(b, path, []byte(r.id), r.data)
		}
		if err != nil {
			return fmt.Errorf("item %s: %w", r.id, err)
		}
	}
	return nil
}

func readCurrent(tx *bbolt.Tx) (current, error) {
	v := tx.Bucket([]byte(bucketCatalogue)).Get([]byte(keyCurrent))
	if v == nil {
		return current{}, nil
	}
	data, err := unseal(bucketCatalogue, []byte(keyCurrent), v)
	if err != nil {
		return current{}, err
	}
	var cur current
	if err := json.Unmarshal(data, &cur); err != nil {
		return current{}, fmt.Errorf("catalogue pointer: %w", err)
	}
	return cur, nil
}

func writeCurrent(tx *bbolt.Tx, cur current) error {
	data, err := json.Marshal(cur)
	if err != nil {
		return err
	}
	return put(tx.Bucket([]byte(bucketCatalogue)), bucketCatalogue, []byte(keyCurrent), data)
}
