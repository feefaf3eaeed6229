// Package connector is the bot's door to Microsoft Teams: it lets verified
// activities in and sends messages out, and knows nothing of accounts or requests.
//
// In: Receive reads one POST of the Bot Framework, proves who sent it and decodes
// it into an Activity, a small struct of our own. Everything refused is a *Refusal
// with the HTTP status to answer. Dispatch calls the handler for the activity's type.
//
// Out: Send, Update, Delete, Post (a new thread in a channel) and Open (a chat with
// one person) speak the Connector REST API with a token from Entra, which only ever
// goes to trusted hosts. Everything that fails is an *Error that says whether the
// message may be there all the same (Ambiguous), how long to wait (RetryAfter) and
// whether the conversation is out of reach (Gone).
//
//	c, err := connector.New(connector.Config{AppID: id, TenantID: tenant, AppPassword: secret})
//	...
//	activity, err := c.Receive(r.Context(), r)
//	id, err := c.Send(ctx, activity.Conversation, connector.Message{Text: "Hola"})
//
// msbotbuilder-go is used through its seams: core.BotFrameworkAdapter is assembled
// with our TokenValidator and Client, because version 0.2.5's own fetch the metadata
// document on every request, check no key endorsement, cannot follow a rotated key
// for five days, take no context and drop the id of the message they sent.
package connector
