package protocol

import (
	"errors"
	"fmt"
)

// Limits of what is asked and answered about customers.
const (
	MaxCustomers    = 20  // in an answer
	maxCustomerText = 120 // bytes of what is looked for, of a name and of a phone number
)

// Buyer is a customer as a counter shows one. Name is personal.
type Buyer struct {
	ID     string `json:"id"`
	Number string `json:"number"` // account number for people, A-17
	Name   string `json:"name"`
	Last   string `json:"last"` // last digits of the phone number, to tell namesakes apart; may be empty
}

// CustomerFind asks for the customers that somebody at a counter may mean. Either ID
// or Text is set.
type CustomerFind struct {
	ID       string `json:"id,omitempty"`   // of the customer of a cart; also an id that was merged away
	Text     string `json:"text,omitempty"` // part of a name or e-mail address, digits of a phone number, account number
	Operator string `json:"operator"`       // who asks
}

// Kind returns KindCustomerFind.
func (*CustomerFind) Kind() Kind { return KindCustomerFind }

// Check reports malformed ids and text that is missing or too long.
func (f *CustomerFind) Check() error {
	switch {
	case CheckID(f.Operator) != nil || f.ID != "" && CheckID(f.ID) != nil:
		return errors.New("customer and operator must be ids")
	case (f.ID == "") == (f.Text == ""):
		return errors.New("either an id or a text is looked for")
	case len(f.Text) > maxCustomerText:
		return fmt.Errorf("a text of %d bytes is too long to look for", len(f.Text))
	}
	return checkTexts(f.Text)
}

// CustomerAdd adds a customer. It carries an id, and is carried out once.
type CustomerAdd struct {
	ID       string `json:"id"` // minted by the device
	Name     string `json:"name"`
	Phone    string `json:"phone,omitempty"` // as typed
	Operator string `json:"operator"`        // who adds
	Sure     bool   `json:"sure,omitempty"`  // also when somebody has this phone number already
}

// Kind returns KindCustomerAdd.
func (*CustomerAdd) Kind() Kind { return KindCustomerAdd }

// Check reports malformed ids and texts.
func (a *CustomerAdd) Check() error {
	switch {
	case CheckID(a.ID) != nil || CheckID(a.Operator) != nil:
		return errors.New("customer and operator must be ids")
	case a.Name == "" || len(a.Name) > maxCustomerText || len(a.Phone) > maxCustomerText:
		return errors.New("a customer has a name, and name and phone number are short")
	}
	return checkTexts(a.Name, a.Phone)
}

// CustomersFound answers CustomerFind and CustomerAdd.
type CustomersFound struct {
	Customers []Buyer `json:"customers"`       // best first
	Added     string  `json:"added,omitempty"` // id of the customer that was added, now or by the same command before
	Twins     bool    `json:"twins,omitempty"` // nobody was added: these have the same phone number
}

// Kind returns KindCustomersFound.
func (*CustomersFound) Kind() Kind { return KindCustomersFound }

// Check reports too many customers and malformed ones.
func (f *CustomersFound) Check() error {
	if len(f.Customers) > MaxCustomers {
		return fmt.Errorf("%d customers, the limit is %d", len(f.Customers), MaxCustomers)
	}
	if f.Added != "" && CheckID(f.Added) != nil {
		return errors.New("what was added must be an id")
	}
	for _, b := range f.Customers {
		if CheckID(b.ID) != nil {
			return fmt.Errorf("customer %.60q is not an id", b.ID)
		}
		if err := checkTexts(b.Number, b.Name, b.Last); err != nil {
			return err
		}
	}
	return nil
}
