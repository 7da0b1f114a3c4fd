package scene_test

import (
	"strconv"
	"strings"

	"kickstand/device/flow"
)

// novel is the longest thing a sentence may become.
var novel = strings.Repeat("The printer has no paper and the drawer stays shut. ", 5)

const huge = flow.Cents(99_999_999_99)

// extremes are views that no sane day brings and every bad one may.
func extremes() map[string]flow.View {
	all := map[string]flow.View{}
	for name, v := range views() {
		v.Toast = &flow.Toast{State: flow.PartDown, Text: novel, Button: &flow.Button{ID: "toast:undo", Label: "Undo", Icon: "undo", Enabled: true}}
		if v.Screen != flow.ScreenSale {
			v.Toast.Button = nil
		}
		v.Banner = &flow.Banner{State: flow.PartWarning, Text: novel, Button: &flow.Button{ID: "banner:receipts", Label: "Receipts", Icon: "receipt", Enabled: true}}
		if v.Kiosk {
			v.Banner.Button = nil
		}
		for i := range v.Strip.Items {
			v.Strip.Items[i].State, v.Strip.Items[i].Text = flow.PartWarning, novel
		}
		all[name+" in trouble"] = v
	}
	all["huge cart"] = hugeCart()
	all["huge pay"] = hugePay()
	all["huge done"] = hugeDone()
	all["huge list"] = hugeList()
	all["huge dialog"] = hugeDialog()
	all["huge price"] = flow.View{
		Screen: flow.ScreenPrice, Kiosk: true, Title: "Price", Strip: flow.Strip{Shop: long, Time: "23:59"},
		Price:   &flow.Price{Name: long + long, Detail: long, Price: huge, Tax: "plus tax", Stock: novel},
		Buttons: []flow.Button{{ID: "back", Label: "Done", Icon: "back", Enabled: true}, {ID: "search", Label: long, Icon: "search", Kind: flow.Primary, Enabled: true}},
	}
	all["huge name"] = flow.View{
		Screen: flow.ScreenAttract, Title: long, Strip: flow.Strip{Shop: long, Operator: long, Time: "23:59"},
		Attract: &flow.Attract{Shop: long, Invite: novel}, Buttons: []flow.Button{{ID: "start", Label: long, Kind: flow.Primary, Enabled: true}},
	}
	all["loading"] = flow.View{
		Screen: flow.ScreenLoading, Title: "Loading the items", Hint: novel, Loading: &flow.Loading{Have: 300, Total: 20_000, Words: "300 of 20000 items"},
		Buttons: []flow.Button{{ID: "parked", Label: "Parked (3)", Icon: "list", Enabled: true}, {ID: "device", Label: "This till", Icon: "info", Enabled: true}},
	}
	return all
}

func hugeCart() flow.View {
	d := basket()
	d.tap("line:3")
	v := d.state.View()
	c := *v.Cart
	c.Lines = nil
	for i := range 60 {
		l := v.Cart.Lines[i%len(v.Cart.Lines)]
		l.ID, l.Name, l.Detail = "line:"+strconv.Itoa(i+1), strings.Repeat("Unbroken", 30), long
		l.Qty, l.Unit, l.Price, l.Discount, l.Stock = 10_000, huge, huge, "−99.99 %", "only 9999 in stock"
		l.Chosen, l.Buttons = false, nil
		if i == 30 {
			l.Chosen = true
			for _, b := range v.Cart.Lines[2].Buttons {
				b.ID = "line:31:" + b.ID[strings.LastIndex(b.ID, ":")+1:]
				l.Buttons = append(l.Buttons, b)
			}
		}
		c.Lines = append(c.Lines, l)
	}
	c.Subtotal, c.Discount, c.Total, c.Count = huge, huge, huge, 600_000
	c.Taxes = []flow.TaxRow{{Label: "GST 5 %", Amount: huge}, {Label: "PST 7 %", Amount: huge}, {Label: "A tax with a long name 12.5 %", Amount: huge}, {Label: "QST 9.975 %", Amount: huge}}
	v.Cart, v.Strip.Operator = &c, long
	return v
}

func hugePay() flow.View {
	v := views()["pay-change"]
	p := *v.Pay
	p.Due, p.Total, p.Rounding, p.Change, p.Entered = huge, huge, 2, huge, "99999999.99"
	p.Quick = nil
	for i := range 6 {
		p.Quick = append(p.Quick, flow.Button{ID: "cash:" + strconv.Itoa(i), Label: "99999999.99", Icon: "cash", Enabled: true})
	}
	v.Pay, v.Title = &p, long
	return v
}

func hugeDone() flow.View {
	v := views()["done-held"]
	d := *v.Done
	d.Change, d.Paid, d.Total, d.Words, d.Slip = huge, huge, huge, novel, "ABCDEFGH-9999999999"
	v.Done = &d
	return v
}

func hugeList() flow.View {
	v := views()["receipts"]
	l := flow.List{}
	for i := range 60 {
		id := strconv.Itoa(i)
		l.Rows = append(l.Rows, flow.Row{
			ID: "resume:" + id, Title: long, Detail: novel, Value: "99999999.99", State: flow.PartWarning,
		}, flow.Row{
			Title: long, Detail: novel, Value: "99999999.99", State: flow.PartDown,
			Buttons: []flow.Button{{ID: "job:" + id + ":print", Label: "Print again", Icon: "printer", Enabled: true}, {ID: "job:" + id + ":skip", Label: "Do not print", Icon: "close"}},
		})
	}
	v.List = &l
	return v
}

func hugeDialog() flow.View {
	v := views()["sale-60"]
	d := flow.Dialog{State: flow.PartWarning, Title: long, Text: novel}
	for i := range 15 {
		d.Buttons = append(d.Buttons, flow.Button{ID: "dialog:item:" + strconv.Itoa(i), Label: long, Enabled: true})
	}
	v.Dialog = &d
	return v
}
