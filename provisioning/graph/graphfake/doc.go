// Package graphfake is a fake Microsoft 365 tenant: the part of Microsoft Graph v1.0 and of Entra's
// token endpoint that Altas uses, written from Microsoft's documentation and metadata, without a
// client library.
//
// It is strict: it accepts only tokens it issued, refuses what the app's permissions do not allow,
// validates every body against Microsoft's property names and types, and answers with Graph's
// statuses and error bodies. It throttles, has replication lag, and fails planned requests before or
// after their effect.
//
// A *Tenant is an http.Handler, whose state can be inspected:
//
//	tenant, err := graphfake.New(graphfake.Config{
//		TenantID: "…", Apps: []graphfake.App{{ID: "…", Secret: "…", Roles: graphfake.AltasRoles()}},
//		Domains: []string{"docentecoahuila.gob.mx"}, SKUs: []graphfake.SKU{{ID: "…", Enabled: 100}},
//	})
//	server := httptest.NewTLSServer(tenant)
//	…
//	tenant.Users(), tenant.Count("users.create"), tenant.SignIn(upn, password)
//
// Graph is under /v1.0, Entra's token endpoint is /{tenant}/oauth2/v2.0/token.
package graphfake
