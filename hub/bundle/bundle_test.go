package bundle_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"kickstand/hub/bundle"
	"kickstand/hub/store/storetest"
)

// TestEverythingIsOfOneMoment makes bundles while a counter sells as fast as it
// can: in each, every part tells of the same sales.
func TestEverythingIsOfOneMoment(t *testing.T) {
	s := openShop(t, t.TempDir())
	for range 50 {
		s.sell()
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				s.sell()
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	var sales []int64
	for i := range 3 {
		path := filepath.Join(t.TempDir(), "shop.zip")
		r, err := s.maker().Write(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if r.NoDump != "" {
			t.Fatalf("no dump: %s", r.NoDump)
		}
		if n, err := bundle.Verify(path); err != nil || n < r.Tables+3 {
			t.Fatalf("bundle %d: %d parts, %v", i, n, err)
		}
		sales = append(sales, s.agrees(unpack(t, path)))
	}
	if sales[0] >= sales[2] {
		t.Errorf("the bundles hold %v sales: nothing was sold meanwhile", sales)
	}
}

// agrees compares the parts of a bundle with each other and returns how many
// sales it holds.
func (s *shop) agrees(u unpacked) int64 {
	s.t.Helper()
	total, sales := u.sum("sales", "paid")
	paid, _ := u.sum("payments", "amount")
	pieces, _ := u.sum("sale_lines", "qty")
	moved, moves := u.sum("stock_moves", "delta")
	onHand, _ := u.sum("stock", "on_hand")
	_, rows := u.sum("audit_events", "n")
	whole, ok := u.salesInCopy()
	if !ok || whole != sales {
		s.t.Errorf("the database holds %d sales, sales.csv %d", whole, sales)
	}
	if total != paid || onHand != moved || pieces != moves-3 || onHand != 300-pieces {
		s.t.Errorf("%d sales of %d and payments of %d; %d pieces sold in %d moves, %d on hand", sales, total, paid, pieces, moves-3, onHand)
	}
	if n := u.journalRows(); n != rows {
		s.t.Errorf("the journal has %d rows, audit_events.csv %d", n, rows)
	}
	return sales
}

// TestWhatWasAlteredIsNamed copies a bundle part by part, each time with
// something wrong.
func TestWhatWasAlteredIsNamed(t *testing.T) {
	s := openShop(t, t.TempDir())
	s.sell()
	good := filepath.Join(t.TempDir(), "shop.zip")
	if _, err := s.maker().Write(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	again := func(change func(name string, data []byte) []byte, more ...string) string {
		path := filepath.Join(t.TempDir(), "other.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(f)
		put := func(name string, data []byte) {
			to, err := w.Create(name)
			if err == nil {
				_, err = to.Write(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, data := range unpack(t, good).parts {
			if data = change(name, data); data != nil {
				put(name, data)
			}
		}
		for _, name := range more {
			put(name, []byte("x"))
		}
		if err := errors.Join(w.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
	same := func(_ string, b []byte) []byte { return b }
	of := func(part string, to func([]byte) []byte) func(string, []byte) []byte {
		return func(name string, b []byte) []byte {
			if name == part {
				return to(slices.Clone(b))
			}
			return b
		}
	}
	flip := func(b []byte) []byte { b[len(b)-2] ^= 1; return b }
	for _, c := range []struct{ name, path, want string }{
		{"nothing", again(same), ""},
		{"an amount", again(of("tables/sales.csv", flip)), "tables/sales.csv is not as it was written"},
		{"a table is gone", again(of("tables/sales.csv", func([]byte) []byte { return nil })), "tables/sales.csv is missing"},
		{"a table came later", again(same, "tables/other.csv"), "tables/other.csv is not in the manifest"},
		{"no manifest", again(of("MANIFEST", func([]byte) []byte { return nil })), "has no MANIFEST"},
		{"a damaged manifest", again(of("MANIFEST", func(b []byte) []byte { return b[3:] })), "line 1 of its MANIFEST is damaged"},
		{"cut off", cutOff(t, good), "was cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := bundle.Verify(c.path)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func cutOff(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(t.TempDir(), "short.zip")
	if err := os.WriteFile(short, b[:len(b)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	return short
}

// smallDisk mounts a file system of so many KiB.
func smallDisk(t *testing.T, kib int) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestAFullDiskIsNamedAndLeavesNothing has no room where the bundle is written,
// and then where the copy lies meanwhile; the shop sells on.
func TestAFullDiskIsNamedAndLeavesNothing(t *testing.T) {
	data, small, out := t.TempDir(), smallDisk(t, 32), t.TempDir()
	s := openShop(t, data)
	for range 40 {
		s.sell()
	}
	m := s.maker()
	for _, c := range []struct{ name, data, to string }{
		{"where it is written", data, small},
		{"where the copy lies", small, out},
	} {
		t.Run(c.name, func(t *testing.T) {
			m.Dir = c.data
			_, err := m.Write(t.Context(), filepath.Join(c.to, "shop.zip"))
			var full *bundle.FullError
			if !errors.As(err, &full) || full.Where != small || !strings.Contains(err.Error(), "Make room") {
				t.Errorf("got %v, want a FullError of %s", err, small)
			}
			if found := left(t, c.data, c.to); len(found) > 0 {
				t.Errorf("left behind: %v", found)
			}
		})
	}
	s.sell()
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	m.Dir = data
	if _, err := m.Write(t.Context(), filepath.Join(out, "shop.zip")); err != nil {
		t.Errorf("with room: %v", err)
	}
}

// TestOneAtATimeAndNothingIsReplaced asks for a second bundle while the first is
// being made, and for a name that is taken.
func TestOneAtATimeAndNothingIsReplaced(t *testing.T) {
	s := openShop(t, t.TempDir())
	first, second := filepath.Join(t.TempDir(), "first.zip"), filepath.Join(t.TempDir(), "second.zip")
	m, inside := s.maker(), s.maker()
	var met error
	m.Progress = func(string) {
		if met == nil {
			_, met = inside.Write(t.Context(), second)
		}
	}
	if _, err := m.Write(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(met, bundle.ErrBusy) {
		t.Errorf("a second one meanwhile: %v, want ErrBusy", met)
	}
	if _, err := inside.Write(t.Context(), first); !errors.Is(err, bundle.ErrExists) {
		t.Errorf("a taken name: %v, want ErrExists", err)
	}
	if err := os.WriteFile(second+".part", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := inside.Write(t.Context(), second); err == nil || !strings.Contains(err.Error(), "is in the way") {
		t.Errorf("somebody's file where it is written: %v", err)
	}
	if _, err := bundle.Sweep(s.dir); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(second + ".part"); err != nil || string(b) != "mine" {
		t.Errorf("somebody's file is now %q, %v", b, err)
	}
	if _, err := bundle.Verify(first); err != nil {
		t.Error(err)
	}
}

// TestSweepRemovesWhatAKilledProcessLeft leaves what one leaves.
func TestSweepRemovesWhatAKilledProcessLeft(t *testing.T) {
	data, out := t.TempDir(), t.TempDir()
	work, cut, old := filepath.Join(data, ".bundle-work"), filepath.Join(out, "shop.zip.part"), filepath.Join(data, ".bundle-1234")
	for _, dir := range []string{work, old} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{filepath.Join(work, "part"): cut, filepath.Join(work, "copy.db"): "half", cut: "half", filepath.Join(old, "copy.db"): "half"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names, err := bundle.Sweep(data)
	if err != nil || !slices.Equal(names, []string{filepath.Join(out, "shop.zip")}) {
		t.Errorf("cut off: %v, %v", names, err)
	}
	if found := left(t, data, out); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
}

// FuzzVerify opens anything as a bundle.
func FuzzVerify(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "x.zip")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := bundle.Verify(path); err == nil {
			if z, err := zip.OpenReader(path); err != nil || z.Close() != nil {
				t.Errorf("not a zip, and yet verified: %v", err)
			}
		}
	})
}

func ExampleVerify() {
	_, err := bundle.Verify("testdata/nowhere.zip")
	fmt.Println(err != nil)
	// Output: true
}

// TestADumpNeedsItsTool makes a bundle of a server's database where pg_dump is
// not installed: the bundle is made, and says so.
func TestADumpNeedsItsTool(t *testing.T) {
	storetest.OnlyPostgres(t)
	s := openShop(t, t.TempDir())
	t.Setenv("PATH", t.TempDir())
	path := filepath.Join(t.TempDir(), "shop.zip")
	r, err := s.maker().Write(t.Context(), path)
	if err != nil || !strings.Contains(r.NoDump, "not installed") || r.Dumped {
		t.Fatalf("got %+v, %v", r, err)
	}
	if page := string(unpack(t, path).parts["RESTORE.md"]); !strings.Contains(page, "not installed here") {
		t.Errorf("RESTORE.md does not say so:\n%s", page)
	}
}
