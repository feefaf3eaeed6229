package cards

import "slices"

// WithGuide returns the card with a link to the page for those who decide; unchanged if url is "".
func (t *Texts) WithGuide(c Card, url string) Card {
	if url != "" {
		c.actions = append(slices.Clip(c.actions), openURL(t.fixed["button.guide_decide"], url))
	}
	return c
}

// WithPlatformGuide returns the card with a link to the page for the head of department; unchanged
// if url is "".
func (t *Texts) WithPlatformGuide(c Card, url string) Card {
	if url != "" {
		c.actions = append(slices.Clip(c.actions), openURL(t.fixed["button.guide_platform"], url))
	}
	return c
}
