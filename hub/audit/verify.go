package audit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// Entry is a row, or a signed checkpoint when that is not empty.
type Entry struct {
	Row        Row
	Checkpoint string
	Cosigned   []Cosigned // by devices, with a checkpoint
}

// Book is all there is to check of one shop's journal.
type Book struct {
	Shop string
	Key  Public
	// Entries are the rows in order, each checkpoint after the last row it
	// covers.
	Entries iter.Seq2[Entry, error]
	// Tree is the stored tree as of the last checkpoint; nil when there is
	// none, as in an exported file.
	Tree StoredTree
	// Code is the code of a checkpoint that must be among them, as somebody
	// noted it; empty: none.
	Code string
}

// StoredTree reads the stored tree as a whole.
type StoredTree interface {
	Tiles
	// TileCount returns how many tiles are stored.
	TileCount(ctx context.Context) (int64, error)
}

// Report is what a check found in order.
type Report struct {
	Rows        int64
	Hash        string           // of the last row
	Checkpoints int64            // each with a good signature
	Latest      Checkpoint       // of no rows when there is none
	Streams     int              // of devices
	Linked      int64            // events that follow from the event before as their device says
	Cosigned    map[string]int64 // device to the rows of the last checkpoint it signed
	Breaks      int64            // places where the journal itself says that a device's chain is interrupted
}

// Unsealed is how many rows no checkpoint covers yet.
func (r Report) Unsealed() int64 { return r.Rows - r.Latest.Size }

// BadCheckpointError names the first checkpoint that is wrong.
type BadCheckpointError struct {
	Size int64  // rows it says it covers
	Why  string // in plain words
}

// Error gives size and reason.
func (e *BadCheckpointError) Error() string {
	return fmt.Sprintf("audit checkpoint of %d rows: %s", e.Size, e.Why)
}

// ErrCodeUnknown is returned by [VerifyBook] when everything holds but the
// checkpoint with Book.Code is not there: rows were cut off at the end, or the
// whole journal was made anew.
var ErrCodeUnknown = errors.New("no checkpoint has the code")

// VerifyBook computes everything anew: each row's hash and its place in the
// chain, each event's place in its device's own chain, the tree over all rows, the root of every checkpoint, its signature,
// and the stored tree. The first row that is wrong gives a [*BadRowError], the
// first checkpoint a [*BadCheckpointError].
func VerifyBook(ctx context.Context, b Book) (Report, error) {
	signatures := checkSignatures(b.Key)
	w := &walk{book: b, head: Genesis(b.Shop)}
	err := w.all(ctx, signatures.queue)
	if bad := signatures.wait(); bad != nil {
		err = bad // it came before whatever ended the walk
	}
	if err == nil {
		err = w.finish(ctx)
	}
	err = w.first(err)
	return Report{
		Rows: w.head.N, Hash: w.head.Hash, Checkpoints: w.checkpoints, Latest: w.latest,
		Streams: len(w.said.streams), Linked: w.said.linked, Breaks: w.said.breaks, Cosigned: w.cosigners.upTo,
	}, err
}

// first returns which of what was found and of the doubt names the earlier row.
func (w *walk) first(found error) error {
	var row, doubt *BadRowError
	if !errors.As(w.doubt, &doubt) || errors.As(found, &row) && row.N <= doubt.N {
		return found
	}
	var checkpoint *BadCheckpointError
	if errors.As(found, &checkpoint) && checkpoint.Size < doubt.N {
		return found
	}
	return w.doubt
}

// walk is a check under way.
type walk struct {
	book        Book
	head        Head
	tree        Tree
	said        said
	cosigners   cosigners
	doubt       error       // of said: what else is found may name an earlier row
	pending     []Hash      // leaves since the latest checkpoint
	early       *Checkpoint // covers rows that did not come yet
	stored      tileCheck
	latest      Checkpoint
	checkpoints int64
	known       bool // the code was seen
}

func (w *walk) all(ctx context.Context, sign chan<- Checkpoint) error {
	for e, err := range w.book.Entries {
		if err == nil && e.Checkpoint == "" {
			err = w.row(e.Row)
		} else if err == nil {
			err = w.checkpoint(ctx, e, sign)
		}
		if err != nil {
			return err
		}
	}
	return w.resolve(ctx)
}

// resolve decides about a checkpoint whose rows have not all come and will not.
func (w *walk) resolve(ctx context.Context) error {
	if w.early == nil {
		return nil
	}
	return w.rewritten(ctx, *w.early)
}

func (w *walk) row(r Row) error {
	if err := follows(w.head, r); err != nil {
		return err
	}
	if err := w.said.row(r); err != nil && w.doubt == nil {
		w.doubt = err
	}
	leaf, err := Leaf(r)
	if err != nil {
		return err
	}
	if w.early != nil {
		return &BadCheckpointError{Size: w.early.Size, Why: fmt.Sprintf("stands before row %d, which it covers", r.N)}
	}
	w.cosigners.row(r)
	w.head = Head{N: r.N, Hash: r.Hash}
	w.tree.Add(leaf)
	w.pending = append(w.pending, leaf)
	return nil
}

func (w *walk) checkpoint(ctx context.Context, e Entry, sign chan<- Checkpoint) error {
	c, err := ParseCheckpoint(e.Checkpoint)
	if err != nil {
		return &BadCheckpointError{Size: cmp.Or(c.Size, w.head.N), Why: err.Error()}
	}
	sign <- c
	if err := w.resolve(ctx); err != nil {
		return err
	}
	switch {
	case c.Shop != w.book.Shop:
		return &BadCheckpointError{Size: c.Size, Why: fmt.Sprintf("is of shop %.60q", c.Shop)}
	case c.Size <= w.latest.Size || c.Size < w.head.N:
		return &BadCheckpointError{Size: c.Size, Why: "comes twice or out of order"}
	case c.Size > w.head.N:
		w.early = &c
		return nil
	case c.Root != w.tree.Root():
		return w.rewritten(ctx, c)
	}
	if err := w.cosigners.checkpoint(c, e.Cosigned); err != nil {
		return err
	}
	w.latest = c
	w.checkpoints++
	w.known = w.known || w.book.Code != "" && w.book.Code == c.Code()
	return w.confirm(ctx)
}

// rewritten finds the row that keeps a checkpoint from giving its root.
func (w *walk) rewritten(ctx context.Context, c Checkpoint) error {
	first := w.latest.Size + 1
	missing := &BadRowError{N: w.head.N + 1, Why: fmt.Sprintf("is missing: a signed checkpoint covers %d rows", c.Size)}
	switch {
	case w.head.N < first:
		return missing
	case w.book.Tree == nil && first == c.Size:
		return &BadRowError{N: first, Why: "was rewritten after it was sealed: it does not give the signed checkpoint"}
	case w.book.Tree == nil:
		return &BadRowError{N: first, Why: fmt.Sprintf("or one of those up to row %d was rewritten or removed after it was sealed: together they do not give the signed checkpoint", c.Size)}
	}
	for i, leaf := range w.pending {
		at := first - 1 + int64(i)
		tile, err := w.book.Tree.Tile(ctx, 0, at/tileWidth)
		if err != nil {
			return err
		}
		from := at % tileWidth * tlog.HashSize
		if from+tlog.HashSize > int64(len(tile)) || !bytes.Equal(tile[from:from+tlog.HashSize], leaf[:]) {
			return &BadRowError{N: at + 1, Why: "was rewritten after it was sealed: the sealed tree holds another row in its place"}
		}
	}
	if c.Size > w.head.N {
		return missing
	}
	return &BadCheckpointError{Size: c.Size, Why: "does not fit the rows and the stored tree, which agree with each other"}
}

// confirm holds the stored tree against the rows a checkpoint has vouched for.
func (w *walk) confirm(ctx context.Context) error {
	defer func() { w.pending = w.pending[:0] }()
	if w.book.Tree == nil {
		return nil
	}
	for _, leaf := range w.pending {
		if err := w.stored.add(ctx, w.book.Tree, 0, leaf); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) finish(ctx context.Context) error {
	if err := w.cosigners.finish(); err != nil {
		return err
	}
	if w.book.Tree != nil {
		if err := w.stored.finish(ctx, w.book.Tree); err != nil {
			return err
		}
	}
	if w.book.Code != "" && !w.known {
		return fmt.Errorf("%w %s: rows were cut off at the end, or the journal was made anew", ErrCodeUnknown, w.book.Code)
	}
	return nil
}

// tileCheck makes the tiles that should be stored and compares them.
type tileCheck struct {
	open  [][]byte // by level: hashes of the tile that is not full
	n     []int64  // by level: its number
	count int64
}

func (t *tileCheck) add(ctx context.Context, tree StoredTree, level int, h Hash) error {
	if level == len(t.open) {
		t.open, t.n = append(t.open, nil), append(t.n, 0)
	}
	t.open[level] = append(t.open[level], h[:]...)
	if len(t.open[level]) < tileWidth*tlog.HashSize {
		return nil
	}
	up, err := t.compare(ctx, tree, level)
	if err != nil {
		return err
	}
	t.open[level] = t.open[level][:0]
	t.n[level]++
	return t.add(ctx, tree, level+1, up)
}

// compare holds the open tile of a level against the stored one and returns the
// root of its hashes.
func (t *tileCheck) compare(ctx context.Context, tree StoredTree, level int) (Hash, error) {
	got, err := tree.Tile(ctx, level, t.n[level])
	if err != nil {
		return Hash{}, err
	}
	if want := t.open[level]; len(got) > len(want) && bytes.HasPrefix(got, want) {
		return Hash{}, fmt.Errorf("the stored tree goes on in tile %d/%d: checkpoints or rows were cut off at the end", level, t.n[level])
	}
	if !bytes.Equal(got, t.open[level]) {
		return Hash{}, fmt.Errorf("the stored tree was altered: tile %d/%d is wrong, although rows and signatures hold", level, t.n[level])
	}
	t.count++
	var sub Tree
	for at := 0; at < len(got); at += tlog.HashSize {
		sub.Add(Hash(got[at : at+tlog.HashSize]))
	}
	return sub.Root(), nil
}

func (t *tileCheck) finish(ctx context.Context, tree StoredTree) error {
	for level, hashes := range t.open {
		if len(hashes) == 0 {
			continue
		}
		if _, err := t.compare(ctx, tree, level); err != nil {
			return err
		}
	}
	n, err := tree.TileCount(ctx)
	if err == nil && n != t.count {
		err = fmt.Errorf("the stored tree has %d tiles, the rows give %d: checkpoints or rows were cut off at the end", n, t.count)
	}
	return err
}
