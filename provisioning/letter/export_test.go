package letter

// DefaultTexts returns the texts that a template has unless its Texts say otherwise.
func DefaultTexts() map[string]string {
	all := make(map[string]string, len(texts))
	for key, t := range texts {
		all[key] = t.spanish
	}
	return all
}
