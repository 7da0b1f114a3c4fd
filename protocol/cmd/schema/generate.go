package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// run writes all files into a directory and removes those of kinds that are no
// more.
func run(out string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(out, "*.json"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if files[filepath.Base(name)] == nil {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the content of every file by its name.
func generate() (map[string][]byte, error) {
	r := &jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, Mapper: words}
	if err := r.AddGoComments("kickstand/protocol", "."); err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	docs := map[string]any{"envelope.json": envelope(r)}
	for _, b := range protocol.Kinds() {
		s := r.Reflect(b)
		s.Title = string(b.Kind())
		nullable(s, reflect.TypeOf(b).Elem())
		docs[fileOf(b.Kind())] = s
	}
	async, err := asyncAPI()
	if err != nil {
		return nil, err
	}
	docs["asyncapi.json"] = async
	files := map[string][]byte{}
	for name, doc := range docs {
		data, err := json.MarshalIndent(doc, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = append(data, '\n')
	}
	return files, nil
}

func fileOf(k protocol.Kind) string { return string(k) + ".json" }

// words gives the types that are one of a few words.
func words(t reflect.Type) *jsonschema.Schema {
	var enum []any
	switch t {
	case reflect.TypeFor[protocol.Kind]():
		for _, b := range protocol.Kinds() {
			enum = append(enum, b.Kind())
		}
	case reflect.TypeFor[protocol.Role]():
		enum = []any{protocol.Counter, protocol.Kiosk}
	case reflect.TypeFor[protocol.Proof]():
		enum = []any{protocol.ProofConfirmed, protocol.ProofSent, protocol.ProofUnknown, protocol.ProofSkipped}
	case reflect.TypeFor[protocol.TenderPhase]():
		enum = []any{
			protocol.TenderWaiting, protocol.TenderChecking, protocol.TenderTaken, protocol.TenderDeclined, protocol.TenderCanceled, protocol.TenderPerson,
		}
	case reflect.TypeFor[protocol.Tender]():
		enum = []any{protocol.Cash, protocol.Card, protocol.External, protocol.Gift, protocol.Credit, protocol.Deposit}
	case reflect.TypeFor[money.Mode]():
		enum = []any{"", money.HalfUp, money.HalfEven, money.Up, money.Down}
	case reflect.TypeFor[money.Scope]():
		enum = []any{"", money.PerLine, money.PerDocument}
	default:
		return nil
	}
	return &jsonschema.Schema{Type: "string", Enum: enum}
}

// nullable allows null where Go writes it: for lists and maps that are nil and
// not left out. The definitions of a schema are keyed by the names of Go types.
func nullable(s *jsonschema.Schema, t reflect.Type) {
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		def := s
		if len(seen) > 0 {
			def = s.Definitions[t.Name()]
		}
		seen[t] = true
		for i := range t.NumField() {
			allowNull(def, t.Field(i))
			visit(t.Field(i).Type)
		}
	}
	visit(t)
}

func allowNull(def *jsonschema.Schema, f reflect.StructField) {
	name := f.Tag.Get("json")
	if def == nil || f.Type.Kind() != reflect.Slice && f.Type.Kind() != reflect.Map || !slices.Contains(def.Required, name) {
		return
	}
	p, ok := def.Properties.Get(name)
	if !ok {
		return
	}
	plain := *p
	plain.Description = ""
	*p = jsonschema.Schema{Description: p.Description, AnyOf: []*jsonschema.Schema{&plain, {Type: "null"}}}
}

// envelope is the schema of a whole message: the frame, and for each kind what
// its body must be.
func envelope(r *jsonschema.Reflector) *jsonschema.Schema {
	s := r.Reflect(protocol.Envelope{})
	s.Title = "Envelope"
	set(s, "v", &jsonschema.Schema{Const: protocol.Version})
	set(s, "body", &jsonschema.Schema{Type: "object", Description: "what is said; its schema is chosen by kind"})
	for _, b := range protocol.Kinds() {
		is := jsonschema.NewProperties()
		is.Set("kind", &jsonschema.Schema{Const: b.Kind()})
		then := jsonschema.NewProperties()
		then.Set("body", &jsonschema.Schema{Ref: fileOf(b.Kind())})
		s.AllOf = append(s.AllOf, &jsonschema.Schema{If: &jsonschema.Schema{Properties: is}, Then: &jsonschema.Schema{Properties: then}})
	}
	return s
}

func set(s *jsonschema.Schema, name string, p *jsonschema.Schema) {
	if old, ok := s.Properties.Get(name); ok && p.Description == "" {
		p.Description = old.Description
	}
	s.Properties.Set(name, p)
}
