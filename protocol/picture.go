package protocol

import (
	"errors"
	"fmt"
)

// MaxPicture is the largest picture of an item, in bytes of JPEG.
const MaxPicture = 96 << 10

// PictureAsk asks for the picture of an item, when its catalogue entry names one.
// The answer is a Picture.
type PictureAsk struct {
	Item string `json:"item"`
}

// Kind returns KindPictureAsk.
func (*PictureAsk) Kind() Kind { return KindPictureAsk }

// Check reports a malformed id.
func (a *PictureAsk) Check() error { return CheckID(a.Item) }

// Picture is what an item looks like.
type Picture struct {
	Item string `json:"item"`
	Mark string `json:"mark"` // as the catalogue names it, another one for another picture
	JPEG []byte `json:"jpeg"` // upright, without anything but the picture
}

// Kind returns KindPicture.
func (*Picture) Kind() Kind { return KindPicture }

// Check reports a malformed id or mark, and a picture that is none or too large.
func (p *Picture) Check() error {
	switch {
	case CheckID(p.Item) != nil || p.Mark == "":
		return errors.New("a picture needs its item and its mark")
	case len(p.JPEG) < 2 || p.JPEG[0] != 0xff || p.JPEG[1] != 0xd8:
		return errors.New("a picture is a JPEG")
	case len(p.JPEG) > MaxPicture:
		return fmt.Errorf("a picture of %d bytes, the limit is %d", len(p.JPEG), MaxPicture)
	}
	return checkTexts(p.Mark)
}
