package connector

import "encoding/json"

// InvokeFileConsent is the name of the invoke by which a person accepts or declines an offered
// file. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
const InvokeFileConsent = "fileConsent/invoke"

// Content types of the attachments with which a bot offers a file, and shows an uploaded one.
const (
	ContentTypeFileConsent = "application/vnd.microsoft.teams.card.file.consent"
	ContentTypeFileInfo    = "application/vnd.microsoft.teams.card.file.info"
)

// FileConsent is a person's answer to an offered file. All of it comes from the person's client.
type FileConsent struct {
	Accepted bool
	Context  json.RawMessage // acceptContext or declineContext of the offer; nil for none
	Upload   Upload          // where the file goes, if accepted
}

// Upload is a place in the person's OneDrive. UploadURL is a secret: who has it may write there.
type Upload struct {
	UploadURL  string
	ContentURL string // the file, once it is uploaded
	Name       string
	UniqueID   string
	FileType   string // "pdf"
}

// FileConsent returns the answer that the activity carries, if it is one.
func (a *Activity) FileConsent() (FileConsent, bool) {
	if a.Type != TypeInvoke || a.Name != InvokeFileConsent {
		return FileConsent{}, false
	}
	value := asFields(a.Value)
	to := value.object("uploadInfo")
	return FileConsent{
		Accepted: value.text("action") == "accept",
		Context:  value["context"],
		Upload: Upload{
			UploadURL: to.text("uploadUrl"), ContentURL: to.text("contentUrl"), Name: clip(to.text("name"), maxName),
			UniqueID: to.text("uniqueId"), FileType: to.text("fileType"),
		},
	}, true
}
