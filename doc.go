// Package kickstand is the root of the module: it holds no code but the tests
// that keep the layout of the tree (layout_test.go), the shape of its files
// (shape_test.go) and the truth of its documents (docs_test.go).
package kickstand
