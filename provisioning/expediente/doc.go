// Package expediente writes the file of a request that has ended as one ZIP, for its transfer from the
// archivo de trámite to the archivo de concentración: it can be read, and checked, without Altas.
//
//	x := expediente.Exporter{Location: zone, Cover: expediente.Cover{Letterhead: template.Letterhead}}
//	err := x.Write(tx, file, "2026-000123")
//	err = expediente.Record(tx, by, "2026-000123", digest, now) // afterwards, in the audit
package expediente
