// Package seed fills a shop's database for trying out and for tests: [Demo]
// makes a small, believable bike shop in British Columbia, [Volume] one of the
// size real shops grow to, with years of past sales.
//
// It promises the same shop every time: nothing comes from chance or from the
// machine but the clock it is given, and a shop that is already seeded is left
// as it is. All people, brands and addresses are invented, and all barcodes lie
// in the ranges that GS1 keeps for use inside a company (GS1 General
// Specifications, "Restricted Circulation Numbers").
//
// It refuses to take short cuts: items, stock and sales go through the same
// doors as in a living shop, so that every sum and the audit chain hold.
//
// Start with Demo.
package seed
