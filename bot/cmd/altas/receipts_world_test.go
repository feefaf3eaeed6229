package main

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

const (
	tenantID = "11111111-1111-4111-8111-111111111111"
	botID    = "22222222-2222-4222-8222-222222222222"
	makerID  = "33333333-3333-4333-8333-333333333333"
	faculty  = "94763226-9b3c-4e75-a931-5c89701abe66"
	mail     = "docentecoahuila.gob.mx"
)

// dataset is the store, the receipts and the tenant of n accounts, of which fifty differ, ten in
// each of five ways; and the environment for them.
type dataset struct {
	t      testing.TB
	n      int
	rows   receiptstest.Database
	dir    string
	env    []string
	tenant *graphfake.Tenant
	ids    []string // object ids of the accounts
}

const (
	planted  = 50
	linesAll = 1000 // of a request
)

// difference is the way, 1 to 5, in which account i differs; 0 for none.
func (w *dataset) difference(i int) int {
	step := max(1, w.n/planted)
	if i%step == min(7, step-1) && i/step < planted {
		return 1 + i/step%5
	}
	return 0
}

func newDataset(t testing.TB, n int) *dataset {
	t.Helper()
	return newDatasetAt(t, n, receiptstest.SQLite(t))
}

// newDatasetAt is newDataset with the receipts in that database.
func newDatasetAt(t testing.TB, n int, rows receiptstest.Database) *dataset {
	t.Helper()
	w := &dataset{t: t, n: n, rows: rows, dir: t.TempDir(), ids: make([]string, n)}
	tenant, err := graphfake.New(graphfake.Config{
		TenantID: tenantID, Domains: []string{mail},
		Apps: []graphfake.App{{ID: makerID, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		SKUs: []graphfake.SKU{{ID: faculty, PartNumber: "STANDARDWOFFPACK_FACULTY", Enabled: n}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.tenant = tenant
	server := httptest.NewTLSServer(tenant)
	t.Cleanup(server.Close)
	root := filepath.Join(t.TempDir(), "root.pem") // in a folder of its own: every file of SSL_CERT_DIR is read
	write(t, root, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	w.env = []string{
		"SSL_CERT_FILE=" + root, "SSL_CERT_DIR=" + filepath.Dir(root), "ALTAS_LISTEN=127.0.0.1:0",
		"STORE_PATH=" + w.storePath(), "RECEIPTS_DSN=" + w.rows.DSN, "ALTAS_CONFIG=" + filepath.Join(w.dir, "altas.yaml"),
		"BOT_APP_ID=" + botID, "BOT_APP_PASSWORD=s3cret", "BOT_TENANT_ID=" + tenantID,
		"AZURE_TENANT_ID=" + tenantID, "AZURE_CLIENT_ID=" + makerID, "AZURE_CLIENT_SECRET=s3cret",
		"GRAPH_URL=" + server.URL + "/v1.0", "ENTRA_AUTHORITY_URL=" + server.URL,
	}
	w.rules("")
	w.fillTenant()
	w.fillReceipts()
	w.fillStore()
	return w
}

func (w *dataset) storePath() string { return filepath.Join(w.dir, "altas.db") }

// rules writes the YAML file.
func (w *dataset) rules(more string) {
	w.t.Helper()
	write(w.t, filepath.Join(w.dir, "altas.yaml"), `
types: {docente: {domain: `+mail+`, licences: [`+faculty+`]}}
stages:
  - {name: director, approvers: [44444444-4444-4444-8444-444444444444]}
  - {name: subdirector, approvers: [55555555-5555-4555-8555-555555555555]}
administrators: [66666666-6666-4666-8666-666666666666]
`+more)
}

func stampOf(i int) provisioning.Stamp {
	return provisioning.NewStamp(provisioning.NewFolio(2026, 1+i/linesAll), 1+i%linesAll)
}

func addressOf(i int) identity.Address {
	return identity.Address(fmt.Sprintf("persona.apellido%d@%s", i, mail))
}

// fillTenant: in way 2 the account is missing, in 3 it was renamed, in 4 nobody requested it, in 5
// it was disabled.
func (w *dataset) fillTenant() {
	for i := range w.n {
		properties := map[string]any{
			"userPrincipalName": string(addressOf(i)), "displayName": "P", "employeeId": string(stampOf(i)),
			"accountEnabled": true, "assignedLicenses": []any{map[string]any{"skuId": faculty, "disabledPlans": []any{}}},
		}
		switch w.difference(i) {
		case 2:
			w.ids[i] = fmt.Sprintf("0b1fb1a5-0000-4000-8000-%012d", i)
			continue
		case 3:
			properties["userPrincipalName"] = "renombrada." + string(addressOf(i))
		case 4:
			delete(properties, "employeeId")
		case 5:
			properties["accountEnabled"] = false
		}
		var err error
		if w.ids[i], err = w.tenant.Seed(properties); err != nil {
			w.t.Fatal(err)
		}
	}
}

// fillReceipts leaves out the missing rows of way 1.
func (w *dataset) fillReceipts() {
	w.t.Helper()
	db, err := receipts.Open(receipts.Config{DSN: w.rows.DSN})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = db.Migrate(w.t.Context())
	if err := errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
	for at := 0; at < w.n; at += linesAll {
		var values []string
		for i := at; i < min(w.n, at+linesAll); i++ {
			if p := w.difference(i); p != 1 && p != 4 {
				values = append(values, fmt.Sprintf("('%s', '%s', '%s', 'docente', '%s', 'activa', '2026-01-01')", stampOf(i), stampOf(i).Folio(), addressOf(i), w.ids[i]))
			}
		}
		w.rows.Exec(w.t, "INSERT INTO receipts (stamp, folio, address, type, object_id, state, updated_at) VALUES "+strings.Join(values, ", "))
	}
}

func (w *dataset) fillStore() {
	w.t.Helper()
	db, err := store.Open(w.storePath(), store.Options{NoSync: true})
	if err != nil {
		w.t.Fatal(err)
	}
	for at := 0; at < w.n && err == nil; at += linesAll {
		err = db.Update(context.Background(), func(tx provisioning.Tx) error { return w.fillRequest(tx, at) })
	}
	if err := errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *dataset) fillRequest(tx provisioning.Tx, at int) error {
	f, err := tx.NextFolio(2026)
	if err != nil {
		return err
	}
	r := provisioningtest.Request(f, "secretary", min(linesAll, w.n-at))
	r.State = provisioning.StateCompleted
	if err := tx.PutRequest(r); err != nil {
		return err
	}
	for i := at; i < min(w.n, at+linesAll); i++ {
		if w.difference(i) == 4 {
			continue
		}
		a := provisioningtest.Account(f, 1+i%linesAll, provisioningtest.Teacher(i))
		a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, addressOf(i), w.ids[i]
		a.CreatedAt, a.RecordedAt = provisioningtest.Start, provisioningtest.Start
		if err := errors.Join(tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp)); err != nil {
			return err
		}
	}
	return nil
}
