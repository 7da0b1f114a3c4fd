package web_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kickstand/protocol"
)

// snapshot is a photo as a telephone makes it.
func snapshot(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1200, 900)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAPictureOfAnItem is put there, seen by the devices, kept by other changes of
// the item, and taken away.
func TestAPictureOfAnItem(t *testing.T) {
	s := traded(t)
	v, page, have := s.signedIn("op-maren"), "/stock/itm-000100/picture", s.version()
	v.uploadTo(page, "bike.jpg", snapshot(t), http.StatusOK, "The kiosks show this picture", `src="/pictures/itm-000100?`)
	if got := v.get("/pictures/itm-000100", http.StatusOK); !strings.HasPrefix(got, "\xff\xd8") || len(got) > protocol.MaxPicture {
		t.Errorf("%d bytes of something", len(got))
	}
	told := func() string {
		t.Helper()
		p, err := s.store.CataloguePage(t.Context(), protocol.CatalogueAsk{Have: have})
		if err != nil || len(p.Items) != 1 {
			t.Fatalf("devices get %+v, %v", p.Items, err)
		}
		return p.Items[0].Picture
	}
	mark := told()
	if mark == "" {
		t.Error("devices do not hear of it")
	}
	v.send("/stock/itm-000100/price", url.Values{"price": {"5"}}, http.StatusOK)
	v.uploadTo(page, "notes.txt", "not a photo", http.StatusUnprocessableEntity, "neither a JPEG nor a PNG")
	v.uploadTo(page, "torn.jpg", snapshot(t)[:900], http.StatusUnprocessableEntity, "damaged")
	v.uploadTo(page, "", "", http.StatusUnprocessableEntity, "Choose a photo first")
	if told() != mark {
		t.Error("another change took the picture away")
	}
	v.send(page, url.Values{"do": {"remove"}}, http.StatusOK, "The picture is gone")
	v.get("/pictures/itm-000100", http.StatusNotFound)
	if told() != "" {
		t.Error("devices go on to show it")
	}
	s.signedIn("op-jules").get(page, http.StatusForbidden)
}
