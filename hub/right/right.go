// Package right says which role may change what in the office. It is one table,
// see [Roles].
//
// It promises to answer the same wherever it is asked: the server refuses and the
// page explains by it. It refuses what it does not list: an unknown action or role
// has no right. Reading is open to all staff and not listed, but for what is kept
// of customers, see [See].
package right

import (
	"slices"
	"strings"
)

// Action is something that changes the shop's books, or shows what not everybody
// may see.
type Action string

// The actions of the office, in the words in which pages say them.
const (
	Items    Action = "change items"                  // new, edit, retire, barcodes, import
	Prices   Action = "change prices"                 // now and from a later time
	Taxes    Action = "change tax categories"         // the shop's tax table
	Stock    Action = "change stock"                  // adjust, order, open and book a count
	Receive  Action = "receive deliveries"            // whole or in part
	Count    Action = "count shelves"                 // fill in count sheets
	Findings Action = "settle findings"               // differences, quarantine
	Staff    Action = "set passwords of other people" // also takes their sessions away
	Self     Action = "change one's own password"     // everybody

	Bundle   Action = "take all data of the shop away" // the owner's bundle
	Settings Action = "change the shop's settings"     // letterhead, rules, kiosk, public texts

	See       Action = "see customers"                     // names, contacts and what they bought
	Customers Action = "change customers"                  // new, edit, consents
	Merge     Action = "merge customers"                   // two entries of one person
	Export    Action = "export what is kept of a customer" // for the person
	Erase     Action = "erase customers"                   // on the person's request
)

// Roles of staff, from the widest rights to the narrowest.
const (
	Owner    = "owner"
	Lead     = "service lead"
	Mechanic = "mechanic"
	Sales    = "sales"
	Junior   = "junior"
)

// Roles returns the roles that may do something, the widest first; none for an
// action that is not listed.
func Roles(a Action) []string {
	switch a {
	case Staff, Taxes, Erase, Bundle, Settings:
		return []string{Owner}
	case See, Customers:
		return []string{Owner, Lead, Mechanic, Sales}
	case Items, Prices, Stock, Findings, Merge, Export:
		return []string{Owner, Lead}
	case Receive, Count:
		return []string{Owner, Lead, Sales}
	case Self:
		return []string{Owner, Lead, Mechanic, Sales, Junior}
	}
	return nil
}

// May reports whether a role may do something.
func May(role string, a Action) bool { return slices.Contains(Roles(a), role) }

// Who says who may do something: "the owner or a service lead".
func Who(a Action) string {
	roles := slices.Clone(Roles(a))
	if len(roles) == 0 {
		return "nobody"
	}
	for i, r := range roles {
		switch r {
		case Owner:
			roles[i] = "the owner"
		case Lead, Mechanic, Junior:
			roles[i] = "a " + r
		case Sales:
			roles[i] = "sales staff"
		}
	}
	last := len(roles) - 1
	if last == 0 {
		return roles[0]
	}
	return strings.Join(roles[:last], ", ") + " or " + roles[last]
}
