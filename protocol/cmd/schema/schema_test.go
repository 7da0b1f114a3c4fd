package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"kickstand/protocol"
)

func TestCheckedInFilesAreFresh(t *testing.T) {
	t.Chdir("../..")
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("schema/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(want) {
		t.Errorf("%d files in schema, want %d: run go generate ./protocol", len(names), len(want))
	}
	for name, data := range want {
		got, err := os.ReadFile(filepath.Join("schema", name))
		if err != nil {
			t.Errorf("%v: run go generate ./protocol", err)
			continue
		}
		if diff := cmp.Diff(string(data), string(got)); diff != "" {
			t.Errorf("schema/%s is stale: run go generate ./protocol (-want +got):\n%s", name, diff)
		}
	}
}

func examples(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../testdata/examples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(n), ".json")] = data
	}
	return all
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs("../../schema/envelope.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := jsonschema.NewCompiler().Compile("file://" + path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func value(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestExamplesFollowSchemaAndDecoder holds the schemas against the decoder: what
// is an example for one must be right for the other, for every kind.
func TestExamplesFollowSchemaAndDecoder(t *testing.T) {
	schema, all := compiled(t), examples(t)
	for _, b := range protocol.Kinds() {
		data := all[string(b.Kind())]
		if data == nil {
			t.Errorf("no example of %s", b.Kind())
			continue
		}
		if err := schema.Validate(value(t, data)); err != nil {
			t.Errorf("%s: %v", b.Kind(), err)
		}
		e, err := protocol.Decode(data)
		if err != nil {
			t.Errorf("%s: %v", b.Kind(), err)
			continue
		}
		if _, err := e.Open(); err != nil || e.Kind != b.Kind() {
			t.Errorf("%s: opened as %s, %v", b.Kind(), e.Kind, err)
		}
	}
	if len(all) != len(protocol.Kinds()) {
		t.Errorf("%d examples, %d kinds", len(all), len(protocol.Kinds()))
	}
}

// TestWhatGoWritesFollowsTheSchema seals the zero-valued lists of Go, which JSON
// writes as null.
func TestWhatGoWritesFollowsTheSchema(t *testing.T) {
	schema := compiled(t)
	for _, b := range protocol.Kinds() {
		body, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := protocol.Envelope{V: protocol.Version, Device: "counter-1", Kind: b.Kind(), Body: body}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		err = schema.Validate(value(t, data))
		if err != nil && strings.Contains(err.Error(), "null") {
			t.Errorf("%s: %v", b.Kind(), err)
		}
	}
}

func TestSchemaRefusesWhatTheDecoderRefuses(t *testing.T) {
	schema, sale := compiled(t), string(examples(t)["sale.completed"])
	for name, change := range map[string][2]string{
		"unknown version":       {`"v": 1`, `"v": 2`},
		"unknown kind":          {`"kind": "sale.completed"`, `"kind": "sale.imagined"`},
		"unknown field":         {`"slip":`, `"slipp":`},
		"amount in words":       {`"tendered": 5000`, `"tendered": "fifty"`},
		"body of another kind":  {`"kind": "sale.completed"`, `"kind": "drawer.opened"`},
		"unknown tender":        {`"tender": "cash"`, `"tender": "seashells"`},
		"unknown rounding mode": {`"mode": "half-up"`, `"mode": "hopefully"`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(sale, change[0], change[1], 1)
			if bad == sale {
				t.Fatalf("the example has no %s", change[0])
			}
			if schema.Validate(value(t, []byte(bad))) == nil {
				t.Error("the schema accepts it")
			}
			e, err := protocol.Decode([]byte(bad))
			if err == nil {
				_, err = e.Open()
			}
			if err == nil {
				t.Error("the decoder accepts it")
			}
		})
	}
}

// TestReferencesOfAsyncAPILeadSomewhere follows every $ref of the document.
func TestReferencesOfAsyncAPILeadSomewhere(t *testing.T) {
	data, err := os.ReadFile("../../schema/asyncapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	refs := 0
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				visit(x)
			}
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				refs++
				checkRef(t, doc, ref)
			}
			for _, x := range v {
				visit(x)
			}
		}
	}
	visit(doc)
	if refs < 3*len(protocol.Kinds()) {
		t.Errorf("only %d references", refs)
	}
}

func checkRef(t *testing.T, doc any, ref string) {
	t.Helper()
	inner, local := strings.CutPrefix(ref, "#/")
	if !local {
		if _, err := os.Stat(filepath.Join("../../schema", ref)); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
		return
	}
	for _, step := range strings.Split(inner, "/") {
		m, ok := doc.(map[string]any)
		if !ok || m[step] == nil {
			t.Errorf("%s leads nowhere at %s", ref, step)
			return
		}
		doc = m[step]
	}
}
