// Package graph implements provisioning's directory interfaces (Directory, Credentials, Custody,
// Stock, Membership) with Microsoft Graph. It is the only importer of msgraph-sdk-go, whose
// request builders and models it uses. Its HTTP pipeline is not used, because calls must be
// rate-limited and batched, and their exact answer must be known.
//
//	client, err := graph.New(graph.Config{URL: …, Authority: …, TenantID: …, ClientID: …, ClientSecret: …})
//	defer client.Close()
//	entry, err := client.Create(ctx, user)
//
// Methods may be called concurrently, by hundreds of goroutines. A batcher (batcher.go) combines
// up to 20 calls in one $batch, has several outstanding, stays below Microsoft's
// throttling limits (pace.go), sends nothing during a Retry-After period, and sends calls with
// job.Urgent contexts first. A call that cannot be sent within Config.Patience returns
// job.RetryAfter, so that its worker is free for others; the retry times are spread.
//
// Errors are *problem.Error with one of the Directory… reasons. If the effect of a call is
// unknown (connection lost, 5xx, timeout) the reason is DirectoryUnavailable: look the account
// up before creating it again.
package graph
