package seed

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"kickstand/hub/picture"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// drawingOf is what an article of the demo shop looks like, and a key that is the
// same for articles which look the same; empty: nobody has drawn it.
func drawingOf(a article) (key string, strokes []stroke) {
	switch a.Category {
	case "Bikes", "Kids", "E-bikes":
		if a.TaxCategory == "bicycle" {
			c := paintOf(a.Variant)
			return fmt.Sprint("bicycle ", c), bicycle(c)
		}
	case "Tyres":
		return "tyre", hoop(22)
	case "Tubes":
		if a.Name == "Inner tube" {
			return "tube", hoop(12)
		}
	}
	return "", nil
}

// hang draws the pictures of the articles that have one.
func hang(ctx context.Context, s *store.Store, items []article) error {
	drawn := map[string][]byte{}
	var all []protocol.Picture
	for _, a := range items {
		key, strokes := drawingOf(a)
		if key == "" {
			continue
		}
		if drawn[key] == nil {
			jpg, err := encoded(draw(strokes))
			if err != nil {
				return err
			}
			drawn[key] = jpg
		}
		all = append(all, protocol.Picture{Item: a.ID, Mark: picture.Mark(drawn[key]), JPEG: drawn[key]})
	}
	return s.Write(ctx, func(t *store.Tx) error { return t.PutPictures(all...) })
}

func encoded(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	return b.Bytes(), nil
}
