// Package retention ends what is kept about people: it masks the CURPs of requests that need not be kept any
// longer, and erases a person who has a right to it. Neither touches the directory or the receipts.
//
//	archive := &retention.Archive{Store: db, Receipts: rows, Redraw: jobsOfCards, Digest: keyed, Now: time.Now}
//	masked, err := archive.Mask(ctx, term)
//	person, err := archive.Person(ctx, retention.Subject{CURP: curp}, act)
//	erased, err := archive.Erase(ctx, retention.Subject{CURP: curp}, retention.Act{By: operator, Reference: "ARCO 12/2026"})
package retention
