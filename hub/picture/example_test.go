package picture_test

import (
	"context"
	"fmt"

	"kickstand/hub/hubtest"
	"kickstand/hub/picture"
	"kickstand/hub/store"
	"kickstand/protocol"
)

func ExampleDesk_Answer() {
	ctx := context.Background()
	s, done, err := hubtest.Scratch(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _, err = picture.New(s).Answer(ctx, store.Device{ID: "kiosk-1"}, &protocol.PictureAsk{Item: "itm-000001"})
	fmt.Println(err)
	_, why := picture.Judge([]byte("a letter"))
	fmt.Println(why)
	fmt.Println(done())
	// Output:
	// no-picture: this item has no picture
	// This is neither a JPEG nor a PNG. Choose a photo, or save the picture as JPEG first.
	// <nil>
}
