package web

import (
	"errors"
	"net/http"

	"kickstand/hub/picture"
	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// picturing gives an item a picture, or takes it away.
func (o *office) picturing() change {
	return change{
		Section: "Stock", Right: right.Items, Show: o.showPicture, Before: judgePicture, Do: o.doPicture, Upload: picture.MaxUpload + 1,
	}
}

func (o *office) showPicture(v visit, _ *form) (sheet, error) {
	row, _, err := o.Store.Stock(v.Context(), v.PathValue("item"), 0)
	return sheet{Name: "picture", Title: "Picture of " + row.Name, Data: row}, err
}

// judgePicture looks at the file before the books are held for writing: a photo of
// a telephone takes a second.
func judgePicture(f *form) {
	if len(f.file) > 0 {
		f.file, f.judged = picture.Judge(f.file)
	}
}

func (o *office) doPicture(v visit, f *form, t *store.Tx) (done, error) {
	item := v.PathValue("item")
	leads := "/stock/" + item
	if f.Get("do") == "remove" {
		gone, err := t.DropPicture(item)
		if err != nil || !gone {
			return done{Leads: leads, Says: "There was no picture."}, err
		}
		return done{Leads: leads, Says: "The picture is gone."}, v.audit(t, "item.pictured", item, map[string]string{"mark": ""})
	}
	switch {
	case f.judged != "":
		f.Fail("file", f.judged)
	case len(f.file) == 0:
		f.Fail("file", "Choose a photo first.")
	}
	if !f.good() {
		return done{}, nil
	}
	p := protocol.Picture{Item: item, Mark: picture.Mark(f.file), JPEG: f.file}
	if err := t.PutPictures(p); err != nil {
		return done{}, err
	}
	return done{Leads: leads, Says: "The kiosks show this picture from now on."}, v.audit(t, "item.pictured", item, map[string]string{"mark": p.Mark})
}

// picture answers with the picture of an item.
func (o *office) picture(w http.ResponseWriter, r *http.Request) {
	p, err := o.Store.Picture(r.Context(), r.PathValue("item"))
	if errors.Is(err, store.ErrNotFound) {
		http.Error(w, "This item has no picture.", http.StatusNotFound)
		return
	}
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(p.JPEG) // the reader has gone: nobody to tell
}
