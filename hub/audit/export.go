package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// exportFormat is the first thing in an exported file.
const exportFormat = "kickstand audit export v1"

// maxLine bounds a line of an exported file. A row is at most a few times the
// size of the largest message a device may send.
const maxLine = 8 << 20

// exportLine is one line of an exported file: the first has Format, Shop and
// Key, then each has a Row or a Checkpoint, the last has End.
type exportLine struct {
	Format     string     `json:"format,omitempty"`
	Shop       string     `json:"shop,omitempty"`
	Key        string     `json:"key,omitempty"`
	Row        *Row       `json:"row,omitempty"`
	Checkpoint string     `json:"checkpoint,omitempty"`
	Cosigned   []Cosigned `json:"cosigned,omitempty"`
	End        *exportEnd `json:"end,omitempty"`
}

type exportEnd struct {
	Rows        int64 `json:"rows"`
	Checkpoints int64 `json:"checkpoints"`
}

// Export writes a book as one file that needs nothing else to be verified:
// JSON lines with the shop and its public key, then rows and checkpoints in
// order, then how many there were. Salts stay behind, so nobody can test a
// guess at a person with it.
func Export(w io.Writer, b Book) error {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(exportLine{Format: exportFormat, Shop: b.Shop, Key: b.Key.String()}); err != nil {
		return err
	}
	var end exportEnd
	for e, err := range b.Entries {
		if err != nil {
			return err
		}
		line := exportLine{Checkpoint: e.Checkpoint, Cosigned: e.Cosigned}
		if e.Checkpoint == "" {
			line.Row = &e.Row
			end.Rows++
		} else {
			end.Checkpoints++
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	if err := enc.Encode(exportLine{End: &end}); err != nil {
		return err
	}
	return out.Flush()
}

// ReadExport reads an exported file. The entries are read from r while they are
// asked for, once. The book's key is the one in the file: it proves something
// only if it is the one that was noted when the shop's hub was set up.
func ReadExport(r io.Reader) (Book, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	first, err := readLine(lines)
	if err != nil || first.Format != exportFormat {
		return Book{}, errors.Join(errors.New("not an exported journal of this version"), err)
	}
	key, err := ParsePublic(first.Key)
	if err != nil {
		return Book{}, err
	}
	return Book{Shop: first.Shop, Key: key, Entries: func(yield func(Entry, error) bool) {
		var n exportEnd
		for {
			l, err := readLine(lines)
			if err == nil && l.End != nil {
				if err = ended(lines, n, *l.End); err == nil {
					return
				}
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e := l.entry(&n)
			if !yield(e, nil) {
				return
			}
		}
	}}, nil
}

// entry returns the row or checkpoint of a line and counts it.
func (l exportLine) entry(n *exportEnd) Entry {
	if l.Row == nil {
		n.Checkpoints++
		return Entry{Checkpoint: l.Checkpoint, Cosigned: l.Cosigned}
	}
	n.Rows++
	return Entry{Row: *l.Row}
}

// ended checks the last line.
func ended(lines *bufio.Scanner, got, want exportEnd) error {
	if lines.Scan() {
		return errors.New("the file goes on after its end")
	}
	if got != want {
		return fmt.Errorf("the file has %d rows and %d checkpoints, but says %d and %d: it was changed or damaged",
			got.Rows, got.Checkpoints, want.Rows, want.Checkpoints)
	}
	return nil
}

// readLine reads one line, which must be exactly one thing.
func readLine(lines *bufio.Scanner) (exportLine, error) {
	var l exportLine
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return l, fmt.Errorf("read the file: %w", err)
		}
		return l, errors.New("the file is cut off: its last line is missing")
	}
	dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return l, fmt.Errorf("the file is damaged: %w", err)
	}
	things := 0
	for _, is := range []bool{l.Format != "", l.Row != nil, l.Checkpoint != "", l.End != nil} {
		if is {
			things++
		}
	}
	if things != 1 || l.Cosigned != nil && l.Checkpoint == "" {
		return l, errors.New("the file is damaged: a line is neither a row nor a checkpoint")
	}
	return l, nil
}
