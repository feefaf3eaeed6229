// Package signin finds out whose browser it is, by Entra: the browser is sent to Entra, and Entra
// makes it post an ID token to the bot's page. It needs the registration of the bot and no client
// secret, so that it works with a managed identity too.
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
//
//	entra, err := signin.New(signin.Config{Authority: …, TenantID: …, ClientID: …})   // no call
//	address, err := entra.AuthURL(ctx, "https://host/oficio/archivo", state, nonce)   // redirect the browser there
//	person, err := entra.Verify(ctx, r.PostFormValue("id_token"), nonce)              // its POST: the object id
//
// state and nonce are the caller's: random, new for each sign-in, kept until the POST, and used
// once. A POST whose state is unknown is refused before Verify, so that strangers cause no call to
// Entra. The POST comes from Entra's page: a cookie arrives with it only if it is SameSite=None.
package signin
