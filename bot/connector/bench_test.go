package connector_test

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// BenchmarkReceive is one verified message: token, signature, decoding.
func BenchmarkReceive(b *testing.B) {
	w := newWorld(b)
	body, header := w.hello(nil), "Bearer "+w.Token(teamsfake.TokenSpec{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest("POST", "/api/messages", bytes.NewReader(body))
			r.Header.Set("Authorization", header)
			if _, err := w.Receive(b.Context(), r); err != nil {
				b.Fatal(err)
			}
		}
	})
}
