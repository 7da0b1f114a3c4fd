package flow

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Targets lists everything on the view that can be tapped, without the keys of
// a keypad or keyboard. While a dialog is open that is the dialog only.
func (v View) Targets() []Button {
	if v.Dialog != nil {
		return v.Dialog.Buttons
	}
	all := append([]Button(nil), v.Buttons...)
	if v.Strip.Operator != "" {
		all = append(all, Button{ID: "operator", Label: v.Strip.Operator, Enabled: true})
	}
	if v.Banner != nil && v.Banner.Button != nil {
		all = append(all, *v.Banner.Button)
	}
	if v.Toast != nil && v.Toast.Button != nil {
		all = append(all, *v.Toast.Button)
	}
	if v.Cart != nil {
		for _, l := range v.Cart.Lines {
			all = append(append(all, Button{ID: l.ID, Label: l.Name, Enabled: true}), l.Buttons...)
		}
	}
	return append(all, v.panelTargets()...)
}

func (v View) panelTargets() []Button {
	var all []Button
	if v.Search != nil {
		all = append(all, rowTargets(v.Search.Hits)...)
	}
	if v.List != nil {
		all = append(all, rowTargets(v.List.Rows)...)
	}
	if v.Keypad != nil {
		all = append(all, v.Keypad.Presets...)
	}
	if v.Pay != nil {
		all = append(all, v.Pay.Quick...)
	}
	if v.Self != nil {
		for _, l := range v.Self.Lines {
			all = append(all, l.Buttons...)
		}
	}
	if w := v.Ways; w != nil {
		all = append(append(append(all, w.Ways...), w.Quick...), rowTargets(w.Paid)...)
	}
	return all
}

func rowTargets(rows []Row) []Button {
	var all []Button
	for _, r := range rows {
		if r.ID != "" {
			all = append(all, Button{ID: r.ID, Label: r.Title, Enabled: true})
		}
		all = append(all, r.Buttons...)
	}
	return all
}

// Target returns the button with this id, keys included, and whether it is on
// the view.
func (v View) Target(id string) (Button, bool) {
	for _, b := range v.Targets() {
		if b.ID == id {
			return b, true
		}
	}
	key, ok := strings.CutPrefix(id, "key:")
	if !ok || v.Dialog != nil {
		return Button{}, false
	}
	ok = (v.Search != nil || v.Code != nil || v.Mail != nil) && searchKey(key) || (v.Keypad != nil || v.Pay != nil) && padKey(key)
	return Button{ID: id, Label: key, Enabled: ok}, ok
}

// searchKey reports whether the on-screen keyboard may have this key: one
// printable character or a named key.
func searchKey(key string) bool {
	switch key {
	case "space", "backspace", "clear", "enter":
		return true
	}
	r, n := utf8.DecodeRuneInString(key)
	return n > 0 && n == len(key) && r != utf8.RuneError && unicode.IsPrint(r)
}

// padKey reports whether a keypad has this key.
func padKey(key string) bool {
	switch key {
	case "00", "backspace", "clear":
		return true
	}
	return len(key) == 1 && key[0] >= '0' && key[0] <= '9'
}
