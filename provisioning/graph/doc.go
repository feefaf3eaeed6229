// Package graph is the tenant's directory as Altas works it: Microsoft Graph,
// behind the interfaces that package provisioning declares (Directory,
// Credentials, Custody, Stock, Membership). It is the only importer of
// msgraph-sdk-go, whose request builders and models it uses; the pipeline below
// them is our own, because each call must be paced, batched and its answer known.
//
//	client, err := graph.New(graph.Config{URL: …, Authority: …, TenantID: …, ClientID: …, ClientSecret: …})
//	defer client.Close()
//	entry, err := client.Create(ctx, user)
//
// Every method may be called by hundreds of goroutines. Their calls meet at a
// batcher (batcher.go) that puts up to 20 into one $batch, keeps several in flight,
// spends no more than Microsoft's limits allow (pace.go), is silent while a
// Retry-After runs, and lets calls with job.Urgent contexts go first. A
// call that cannot go within Config.Patience comes back with
// job.RetryAfter, so that its worker is free for others; calls sent back
// together are told different times.
//
// Errors are *provisioning.Error with one of the Directory… reasons. Where the
// effect of a call is not known (the connection broke, 5xx, time ran out) the
// reason is DirectoryUnavailable: look the account up before creating it again.
package graph
