// Package teamsfake is a stateful fake of Microsoft Teams, the Bot Connector and the token issuers
// that they use, written from Microsoft's documents and as strict as Microsoft is. It uses raw JSON
// and imports nothing of the bot.
//
// A Fake is an http.Handler that serves
//
//   - the OpenID metadata and signing keys of the Bot Framework, with endorsements
//     and rotation (/v1/.well-known/…);
//   - Entra's token endpoint for client credentials (/{tenant}/oauth2/v2.0/token),
//     its authorization endpoint for ID tokens (…/authorize) with its own signing keys,
//     and the discovery document; serve it over TLS;
//   - the Connector REST API (…/v3/conversations, …/v3/teams): bearer, installation,
//     ids, sizes, documented limits, and faults on demand (Inject).
//
// It also acts for people: they send messages (Say), execute visible actions with valid inputs
// (Click), install and uninstall the app; the activities are posted to the bot's endpoint with
// valid tokens. Token returns forged ones.
//
//	f := teamsfake.New(teamsfake.Config{AppID: id, AppPassword: secret, TenantID: tenant})
//	server := httptest.NewServer(f)
//	f.Connect(server.URL, bot.URL+"/api/messages")
//	lucia := f.AddPerson(teamsfake.Person{Name: "Lucía Ñáñez"})
//	team := f.AddTeam("DGTI", "Dirección", "Subdirección")
//	chat, err := f.Install(ctx, lucia.ID)
//	_, err = f.Say(ctx, lucia.ID, chat, "solicitar")
//	card, err := f.AwaitCard(ctx, chat, lucia.ID, "request.begin", nil)
//	turn, err := f.Click(ctx, lucia.ID, card, "request.begin", teamsfake.Inputs{"type": "docente"})
//
// Messages and Cards return a conversation as one person sees it: a card in the response to a
// person's click is a view of that person only, until the message is updated.
package teamsfake
