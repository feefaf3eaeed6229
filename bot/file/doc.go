// Package file gives people files through Teams: a file is offered in a personal chat, and once the
// person accepts it is put into their OneDrive and shown in the chat.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
//
//	files.Register("letter", letters)                                   // at start: who has the files
//	id, err := files.Offer(ctx, chat, texts, file.Offered{Name: "oficio.pdf", Key: "letter/2026-000123", …})
//	files.Answer(ctx, activity)                                         // the person's answer, in the background
//
// By that document files work in personal chats only, on desktops and phones, need supportsFiles in
// the manifest, and work neither in GCC High nor in DoD. Teams tells a bot nothing where the person
// has no OneDrive; whoever offers a file names another way to it too.
package file
