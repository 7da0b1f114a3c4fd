package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// manifest is the part that names the others.
const manifest = "MANIFEST"

// parts writes a zip and notes the digest of each part.
type parts struct {
	zip   *zip.Writer
	name  string // of the part that is being written
	sum   hash.Hash
	lines strings.Builder
}

func newParts(w io.Writer) *parts { return &parts{zip: zip.NewWriter(w)} }

// create ends the part before and begins another.
func (p *parts) create(name string) (io.Writer, error) {
	p.note()
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
	if err != nil {
		return nil, err
	}
	p.name, p.sum = name, sha256.New()
	return io.MultiWriter(w, p.sum), nil
}

// note writes the line of the part before, as sha256sum does.
func (p *parts) note() {
	if p.sum != nil {
		fmt.Fprintf(&p.lines, "%s  %s\n", hex.EncodeToString(p.sum.Sum(nil)), p.name)
	}
}

func (p *parts) text(name, text string) error {
	to, err := p.create(name)
	if err == nil {
		_, err = io.WriteString(to, text)
	}
	return err
}

// end writes the manifest, which does not name itself.
func (p *parts) end() error {
	p.note()
	p.sum = nil
	if err := p.text(manifest, p.lines.String()); err != nil {
		return err
	}
	return p.zip.Close()
}
