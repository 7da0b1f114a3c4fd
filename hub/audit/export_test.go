package audit_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"kickstand/hub/audit"
)

func TestADamagedFileIsExplained(t *testing.T) {
	key := newKey(t)
	var file bytes.Buffer
	if err := audit.Export(&file, sealed(t, key, 20, 10, 20).book(key)); err != nil {
		t.Fatal(err)
	}
	whole := file.String()
	lines := strings.SplitAfter(whole, "\n")
	if strings.Contains(whole, `"salt"`) {
		t.Error("the file has salts in it")
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "not an exported journal"},
		{"something else", "{}\n", "not an exported journal"},
		{"cut off", strings.Join(lines[:9], ""), "cut off"},
		{"cut off within a line", whole[:len(whole)/2], "damaged"},
		{"rows and checkpoints taken out at the end", strings.Join(lines[:12], "") + lines[len(lines)-2], "changed or damaged"},
		{"goes on", whole + "{}\n", "goes on"},
		{"a line of nothing", strings.Replace(whole, lines[3], "{}\n", 1), "neither a row nor a checkpoint"},
		{"a word too many", strings.Replace(whole, `"kind"`, `"kin":1,"kind"`, 1), "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := audit.ReadExport(strings.NewReader(c.text))
			if err == nil {
				_, err = audit.VerifyBook(t.Context(), b)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestAnExportKeepsEveryCharacter exports texts that encoders like to change.
func TestAnExportKeepsEveryCharacter(t *testing.T) {
	key, l := newKey(t), &ledger{tiles: map[[2]int64][]byte{}}
	head := audit.Genesis("demo")
	for _, body := range []string{`{"why":"<b>&amp;\u2028"}`, "\u2028\u2029\x00\x7f\t\r\n", "Müller 自転車 🚲", `"\\"`, "\ufeff", ""} {
		var r audit.Row
		r, head = audit.Seal(head, audit.Row{Kind: "note", Subject: body, Seq: 1<<64 - 1, AtMS: -1 << 63, Body: body})
		l.rows = append(l.rows, r)
	}
	if err := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: l, Key: key}).SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, err := audit.VerifyBook(t.Context(), l.exported(t, key)); err != nil || r.Rows != int64(len(l.rows)) {
		t.Errorf("%+v, %v", r, err)
	}
}

// FuzzReadExport wants any file to be read to its end without a panic, and
// nothing to verify but what was exported.
func FuzzReadExport(f *testing.F) {
	key := newKey(f)
	var file bytes.Buffer
	if err := audit.Export(&file, sealed(f, key, 3, 2, 3).book(key)); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte("{\"format\":\"kickstand audit export v1\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := audit.ReadExport(bytes.NewReader(data))
		if err != nil {
			return
		}
		b.Key = key.Public() // a file with a key of its own may well verify
		r, err := audit.VerifyBook(t.Context(), b)
		if err == nil && r.Checkpoints > 0 && r.Latest.Size > 3 {
			t.Errorf("%q verifies with %d rows", data, r.Rows)
		}
	})
}

// FuzzParseCheckpoint wants each text to be a checkpoint in one form only.
func FuzzParseCheckpoint(f *testing.F) {
	c, err := newKey(f).Sign(audit.Checkpoint{Shop: "demo", Size: 12, AtMS: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Note)
	f.Add("kickstand/audit/demo\n1\nAAAA\ntime 1\n\n")
	f.Fuzz(func(t *testing.T, signed string) {
		c, err := audit.ParseCheckpoint(signed)
		if err == nil && !strings.HasPrefix(signed, c.Text()+"\n") {
			t.Errorf("%q is read as %q", signed, c.Text())
		}
	})
}

func ExampleCheckpoint_Code() {
	row, _ := audit.Seal(audit.Genesis("demo"), audit.Row{Kind: "sale.completed", Body: `{"paid":1000}`})
	leaf, err := audit.Leaf(row)
	if err != nil {
		fmt.Println(err)
		return
	}
	var tree audit.Tree
	tree.Add(leaf)
	printed := audit.Checkpoint{Shop: "demo", Size: tree.Size(), Root: tree.Root()}.Code()
	typed, size, err := audit.ParseCode(strings.ToLower(strings.ReplaceAll(printed, "-", " ")))
	fmt.Println(printed, typed == printed, size, err)
	// Output: 1-3B4CC-WCZT1 true 1 <nil>
}
