package flow_test

import (
	"strconv"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// pictured is a kiosk whose items have pictures.
func pictured(n int) *desk {
	d := openDesk(protocol.Kiosk)
	items := shopItems()
	for i := range items {
		items[i].Picture = "mark-" + strconv.Itoa(n) + "-" + items[i].ID
	}
	d.post(flow.CatalogueChanged{Index: catalogue.Build(int64(8+n), items)})
	return d
}

func jpegOf(text string) []byte { return append([]byte{0xff, 0xd8}, text...) }

// TestAPictureIsAskedForOnce shows it when it comes, and at once the next time.
func TestAPictureIsAskedForOnce(t *testing.T) {
	d := pictured(0)
	d.scan("96385074")
	ask, b := asked[*protocol.PictureAsk](d)
	if b == nil || b.Check() != nil || d.state.View().Price.Picture != "" {
		t.Fatalf("asked %+v", d.effects)
	}
	d.post(flow.CatalogueChanged{Index: d.state.World.Items})
	if _, again := asked[*protocol.PictureAsk](d); again != nil {
		t.Error("the same picture is asked for twice")
	}
	mark := d.state.Visit.Price.Picture
	d.post(flow.Answered{ID: ask, Body: &protocol.Picture{Item: b.Item, Mark: mark, JPEG: jpegOf("light")}})
	if got := d.state.View().Price.Picture; got != string(jpegOf("light")) {
		t.Errorf("it shows %q", got)
	}
	d.tap("back")
	d.scan("96385074")
	if _, again := asked[*protocol.PictureAsk](d); again != nil || d.state.View().Price.Picture == "" {
		t.Error("it is not kept")
	}
}

// TestWithoutAPictureThePriceIsShown is the network gone, an answer that does not
// come and one that is no picture.
func TestWithoutAPictureThePriceIsShown(t *testing.T) {
	for name, happen := range map[string]func(d *desk, ask string){
		"lost":    func(d *desk, ask string) { d.post(flow.AskFailed{ID: ask, Why: "the hub does not answer"}) },
		"refused": func(d *desk, ask string) { d.post(flow.AskFailed{ID: ask, Refused: true, Why: "no picture"}) },
		"no picture": func(d *desk, ask string) {
			d.post(flow.Answered{ID: ask, Body: &protocol.Picture{Item: "light", Mark: d.state.Visit.Price.Picture, JPEG: []byte("<html>")}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := pictured(0)
			d.scan("96385074")
			ask, _ := asked[*protocol.PictureAsk](d)
			happen(d, ask)
			if v := d.state.View(); v.Price.Picture != "" || v.Price.Icon == "" || v.Price.Price == 0 {
				t.Errorf("%+v", v.Price)
			}
			d.tap("back")
			d.scan("96385074")
			if _, again := asked[*protocol.PictureAsk](d); again == nil {
				t.Error("it is never asked for again")
			}
		})
	}
	d := pictured(0)
	d.post(flow.LinkChanged{Why: "no network"})
	d.scan("96385074")
	if _, b := asked[*protocol.PictureAsk](d); b != nil || d.state.View().Price == nil {
		t.Error("it asks into the void")
	}
}

func TestPicturesTakeNoMoreThanTheirRoom(t *testing.T) {
	d := pictured(0)
	for n := range 60 {
		d.post(flow.Answered{Body: &protocol.Picture{Item: "light", Mark: strconv.Itoa(n), JPEG: jpegOf("x")}})
	}
	if kept := d.state.World.Album.Kept; len(kept) > 24 || kept[len(kept)-1].Mark != "59" {
		t.Errorf("%d pictures are kept, the last is %+v", len(kept), kept[len(kept)-1])
	}
}
