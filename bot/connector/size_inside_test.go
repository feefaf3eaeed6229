package connector

import (
	"strings"
	"testing"
)

// Teams does not count a picture that an address contains; what people type is counted.
func TestAPictureIsNotCounted(t *testing.T) {
	t.Parallel()
	picture := "data:image/png;base64," + strings.Repeat("iVBO", MaxMessage/4)
	if _, err := encode("send", map[string]string{"url": picture}); err != nil {
		t.Errorf("a card with a picture: %v", err)
	}
	typed := map[string]string{"text": `"url":"` + picture + `"`}
	if _, err := encode("send", typed); err == nil {
		t.Error("a text that looks like a picture is not counted")
	}
}
