// Package connector is the bot's connection to Microsoft Teams through the Bot Framework: it
// verifies incoming activities and sends messages. It knows nothing of accounts or requests.
//
// In: Receive reads one POST of the Bot Framework, verifies its sender and decodes it into an
// Activity, a small struct of our own. A refused request is a *Refusal with the HTTP status to
// respond with. Dispatch calls the handler for the activity's type.
//
// Out: Send, Update, Delete, Post (a new thread in a channel) and Open (a personal chat) call
// the Connector REST API with a token from Entra, which is sent to trusted hosts only. Every
// failure is an *Error with whether the message may exist all the same (Ambiguous), how long to
// wait (RetryAfter) and whether the conversation is unreachable (Gone).
//
//	c, err := connector.New(connector.Config{AppID: id, TenantID: tenant, AppPassword: secret})
//	...
//	activity, err := c.Receive(r.Context(), r)
//	id, err := c.Send(ctx, activity.Conversation, connector.Message{Text: "Hola"})
//
// msbotbuilder-go is used through its interfaces: core.BotFrameworkAdapter is assembled with our
// TokenValidator and Client, because those of version 0.2.5 fetch the metadata document on every
// request, check no key endorsement, cannot follow a rotated key for five days, take no context
// and drop the id of the sent message.
package connector
