// Package graphfake is a Microsoft 365 tenant on one machine: the part of
// Microsoft Graph v1.0 and of Entra's token endpoint that Altas uses, written
// from Microsoft's documentation and metadata, not from any client library.
//
// It is strict where a kind fake would hide a fault: it takes only tokens it
// issued, refuses what the app's permissions do not allow, validates every body
// against Microsoft's property names and types, answers with Graph's statuses
// and error bodies, throttles, lags between replicas, and fails before or after
// the effect when told to.
//
// A *Tenant is an http.Handler. Serve it, point a client at its address, and
// look inside afterwards:
//
//	tenant, err := graphfake.New(graphfake.Config{
//		TenantID: "…", Apps: []graphfake.App{{ID: "…", Secret: "…", Roles: graphfake.AltasRoles()}},
//		Domains: []string{"docentecoahuila.gob.mx"}, SKUs: []graphfake.SKU{{ID: "…", Enabled: 100}},
//	})
//	server := httptest.NewTLSServer(tenant)
//	…
//	tenant.Users(), tenant.Count("users.create"), tenant.SignIn(upn, password)
//
// Graph answers under /v1.0, Entra under /{tenant}/oauth2/v2.0/token.
package graphfake
