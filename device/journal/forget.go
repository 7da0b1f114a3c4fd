package journal

import (
	"maps"
	"os"
	"slices"
)

// forget zeroes the pages of a sound file that neither version of its data uses:
// they hold events that the hub has long had and states that were replaced, and
// with them names and addresses. It tries that in memory, in file itself, and
// touches the disk only when everything can still be read. A power cut meanwhile
// leaves some of it for the next start.
func forget(path string, file []byte) error {
	used, ok := pagesInUse(file)
	if !ok {
		return nil // an older version cannot be read: leave everything as it is
	}
	var over []uint64
	for id := range uint64(len(file)) / pageSize {
		if page := file[id*pageSize:][:pageSize]; !used[id] && slices.ContainsFunc(page, func(b byte) bool { return b != 0 }) {
			clear(page)
			over = append(over, id)
		}
	}
	if _, bad := examine(file); bad != nil || len(over) == 0 {
		return bad
	}
	return zero(path, over)
}

// zero overwrites pages of a file.
func zero(path string, pages []uint64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // synced, or the next start does it again
	zeros := make([]byte, pageSize)
	for _, id := range pages {
		if _, err := f.WriteAt(zeros, int64(id*pageSize)); err != nil {
			return err
		}
	}
	return f.Sync()
}

// pagesInUse returns the pages of both versions of the data, if both can be read
// to the end.
func pagesInUse(file []byte) (map[uint64]bool, bool) {
	used := map[uint64]bool{}
	versions, err := trees(file)
	if err != nil || len(versions) != 2 {
		return nil, false
	}
	for _, t := range versions {
		if t.walk(func(string, []byte, []byte) error { return nil }) != nil {
			return nil, false
		}
		maps.Copy(used, t.seen)
	}
	return used, true
}
