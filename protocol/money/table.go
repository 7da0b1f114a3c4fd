package money

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Table is the usual tax setting of a place, as a shop starts from it. Its numbers
// are a starting point and not tax advice; an accountant must confirm them.
type Table struct {
	Name       string              `json:"name"`    // "ca-bc"
	Country    string              `json:"country"` // two letters of ISO 3166-1
	Notes      string              `json:"notes"`   // sources, conditions and doubts
	Rules      Rules               `json:"rules"`
	Rates      []Rate              `json:"rates"`
	Categories map[string][]string `json:"categories"` // tax category to codes of Rates
}

// ErrNoTable is returned by [TableByName] for a name that is not shipped.
var ErrNoTable = errors.New("no such tax table")

// ErrNoCategory is returned by [Table.Taxes] for a tax category that the table does
// not have. The item must not be sold before it has one: guessing means a wrong tax.
var ErrNoCategory = errors.New("no such tax category")

//go:embed tables/*.json
var tableFiles embed.FS

// Tables reads all shipped tables, ordered by name. It panics when one of them is
// damaged, which is a fault of the build.
func Tables() []Table {
	files, err := tableFiles.ReadDir("tables")
	if err != nil {
		panic(err)
	}
	tables := make([]Table, 0, len(files))
	for _, file := range files {
		data, err := tableFiles.ReadFile("tables/" + file.Name())
		if err != nil {
			panic(err)
		}
		var table Table
		if err := json.Unmarshal(data, &table); err != nil {
			panic(fmt.Errorf("tax table %s: %w", file.Name(), err))
		}
		tables = append(tables, table)
	}
	return tables
}

// TableByName reads one shipped table. A name that is not shipped gives an error
// that wraps [ErrNoTable] and lists the names.
func TableByName(name string) (Table, error) {
	tables := Tables()
	names := make([]string, len(tables))
	for i, table := range tables {
		if table.Name == name {
			return table, nil
		}
		names[i] = table.Name
	}
	return Table{}, fmt.Errorf("%w: %q, shipped are %q", ErrNoTable, name, names)
}

// Taxes gives the rates of a tax category, in the table's order. A category without
// taxes gives none; an unknown one an error that wraps [ErrNoCategory].
func (t Table) Taxes(category string) ([]Rate, error) {
	codes, ok := t.Categories[category]
	if !ok {
		return nil, fmt.Errorf("%w: %q, table %s has %q", ErrNoCategory, category, t.Name, slices.Sorted(maps.Keys(t.Categories)))
	}
	rates := make([]Rate, 0, len(codes))
	for _, rate := range t.Rates {
		if slices.Contains(codes, rate.Code) {
			rates = append(rates, rate)
		}
	}
	return rates, nil
}

// Validate reports the first thing that keeps a shop from selling by this table, as
// a [*LimitError].
func (t Table) Validate() error {
	if err := t.Rules.Validate(); err != nil {
		return err
	}
	var known []string
	for _, rate := range t.Rates {
		if err := rate.check(); err != nil {
			return err
		}
		if slices.Contains(known, rate.Code) {
			return limit("rates.code", rate.Code, "two rates of the table have the same code")
		}
		known = append(known, rate.Code)
	}
	for _, category := range slices.Sorted(maps.Keys(t.Categories)) {
		for _, code := range t.Categories[category] {
			if !slices.Contains(known, code) {
				return limit("categories."+category, code, "the table has no rate with this code")
			}
		}
	}
	return nil
}
