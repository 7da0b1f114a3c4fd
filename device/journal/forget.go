package journal

import (
	"maps"
	"os"
)

// forget zeroes the pages of a sound file that neither version of its data uses:
// they hold events that the hub has long had and states that were replaced, and
// with them names and addresses. A power cut meanwhile leaves some of it for the
// next start.
func forget(path string, file []byte) error {
	used, ok := pagesInUse(file)
	if !ok {
		return nil // an older version cannot be read: leave everything as it is
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // synced, or the next start does it again
	zeros := make([]byte, pageSize)
	for id := range uint64(len(file)) / pageSize {
		if at := id * pageSize; !used[id] && string(file[at:at+pageSize]) != string(zeros) {
			if _, err := f.WriteAt(zeros, int64(at)); err != nil {
				return err
			}
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
