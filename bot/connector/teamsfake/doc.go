// Package teamsfake is a stateful stand-in of Microsoft Teams, the Bot Connector and
// the token world around them, written from Microsoft's documents and strict where
// Microsoft is. It speaks raw JSON and knows nothing of the bot behind it.
//
// A Fake is an http.Handler that serves
//
//   - the OpenID metadata and signing keys of the Bot Framework, with endorsements
//     and rotation (/v1/.well-known/…);
//   - Entra's token endpoint for client credentials (/{tenant}/oauth2/v2.0/token),
//     with the discovery document that azidentity reads; serve it over TLS;
//   - the Connector REST API (…/v3/conversations, …/v3/teams): bearer, installation,
//     ids, sizes, documented limits, and faults on demand (Inject).
//
// And it is the people: they type (Say), press buttons they can see, with inputs they
// could enter (Click), install and uninstall, and the activities travel to the bot's
// endpoint over HTTP with genuine tokens. Forged tokens are made with Token.
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
// What stands in a conversation is read with Messages and Cards, as one person sees
// it: a card that answered their own click is theirs alone until the message changes.
package teamsfake
