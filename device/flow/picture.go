package flow

import (
	"slices"

	"kickstand/protocol"
)

// Picture is a picture of an item that the device has at hand.
type Picture struct {
	Mark string // as the catalogue names it
	JPEG string // its bytes; text, so that states and views compare
}

// Album is the pictures that a device has at hand, and the one it asks for.
type Album struct {
	Kept []Picture // the oldest first
	Of   string    // mark of the picture that is asked for; empty: none is
	Ask  string    // id of that question
}

// maxPictures is how many are kept, so that the memory they take is bounded.
const maxPictures = 24

// wantPicture asks for the picture of the item on the screen, unless it is here or
// asked for already. Without one, or without the hub, a sign of its sort stands there.
func (t *turn) wantPicture() {
	it := t.Visit.Price
	if it.Picture == "" || !t.World.Online || t.picture(it.Picture) != "" || t.World.Album.Of == it.Picture {
		return
	}
	t.World.Album.Of, t.World.Album.Ask = it.Picture, t.sub("picture")
	t.do(Ask{ID: t.World.Album.Ask, Body: &protocol.PictureAsk{Item: it.ID}})
}

// picture is the picture with a mark, or nothing.
func (s State) picture(mark string) string {
	for _, p := range s.World.Album.Kept {
		if p.Mark == mark && mark != "" {
			return p.JPEG
		}
	}
	return ""
}

// pictureAnswered keeps a picture, and lets go of the one that came first when
// there are too many.
func (t *turn) pictureAnswered(h Answered) bool {
	p, ok := h.Body.(*protocol.Picture)
	if !ok {
		return false
	}
	if h.ID == t.World.Album.Ask {
		t.World.Album.Of, t.World.Album.Ask = "", ""
	}
	if p.Check() != nil || t.picture(p.Mark) != "" {
		return true
	}
	kept := t.World.Album.Kept
	if len(kept) >= maxPictures {
		kept = kept[1:]
	}
	t.World.Album.Kept = append(slices.Clone(kept), Picture{Mark: p.Mark, JPEG: string(p.JPEG)})
	return true
}

// pictureFailed goes on without the picture. It is asked for again when somebody
// looks at the item again.
func (t *turn) pictureFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Album.Ask {
		return false
	}
	t.World.Album.Of, t.World.Album.Ask = "", ""
	return true
}
