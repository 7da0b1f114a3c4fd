package bundle

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxManifest is the longest manifest that is read, in bytes: of some 400,000
// receipts.
const maxManifest = 64 << 20

// Verify checks every part of a bundle against its manifest and returns how many
// there are. A part that is altered, missing or not listed is named in the error.
// It proves that the file is as it was written, not who wrote it: the journal in
// it is signed.
func Verify(path string) (n int, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, fmt.Errorf("%s cannot be read as a bundle: it was cut off or is another kind of file (%w)", path, err)
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	want, err := readManifest(&z.Reader)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range z.File {
		if f.Name == manifest {
			continue
		}
		sum, listed := want[f.Name]
		if !listed {
			return n, fmt.Errorf("%s: %s is not in the manifest, or there twice: it was added later", path, f.Name)
		}
		got, err := digestOf(f)
		if err != nil || got != sum {
			return n, errors.Join(fmt.Errorf("%s: %s is not as it was written: fetch another copy of the bundle", path, f.Name), err)
		}
		delete(want, f.Name)
		n++
	}
	for name := range want {
		return n, fmt.Errorf("%s: %s is missing: fetch another copy of the bundle", path, name)
	}
	return n, nil
}

func readManifest(z *zip.Reader) (map[string]string, error) {
	f, err := z.Open(manifest)
	if err != nil {
		return nil, errors.New("it has no MANIFEST, so it was made by another program, or by this one before bundles had one")
	}
	defer func() { _ = f.Close() }() // only read
	return parseManifest(io.LimitReader(f, maxManifest))
}

// parseManifest reads lines as sha256sum writes them.
func parseManifest(r io.Reader) (map[string]string, error) {
	want := map[string]string{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if b, err := hex.DecodeString(sum); !ok || name == "" || err != nil || len(b) != sha256.Size || want[name] != "" {
			return nil, fmt.Errorf("line %d of its MANIFEST is damaged", len(want)+1)
		}
		want[name] = strings.ToLower(sum)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("its MANIFEST: %w", err)
	}
	return want, nil
}

func digestOf(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, r)
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, r.Close())
}
