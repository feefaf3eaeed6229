package cards

import (
	"maps"

	"seducoahuila.gob.mx/altas/provisioning"
)

// kindTexts are the texts of a locale for one kind of request. "request.title@recovery" replaces
// "request.title" on the cards of a recovery.
type kindTexts struct {
	kind      provisioning.RequestKind
	overrides map[string]bool   // keys with a text for the kind
	fixed     map[string]string // all texts without arguments
}

// about returns the texts for a kind of request.
func (t *Texts) about(k provisioning.RequestKind) *Texts {
	of, ok := t.kinds[k]
	if !ok {
		of = t.kinds[""]
	}
	if of == t.kind {
		return t
	}
	copied := *t
	copied.fixed, copied.kind = of.fixed, of
	return &copied
}

// key returns the catalogue's key of the text for the present kind.
func (t *Texts) key(base string) string {
	if t.kind.overrides[base] {
		return base + "@" + string(t.kind.kind)
	}
	return base
}

func (t *Texts) textsOfKind(k provisioning.RequestKind) *kindTexts {
	of, ok := t.kinds[k]
	if !ok {
		of = &kindTexts{kind: k, overrides: make(map[string]bool)}
		t.kinds[k] = of
	}
	return of
}

// mergeKinds adds the common fixed texts to those of each kind, after all files are read.
func (t *Texts) mergeKinds() {
	t.kind = t.textsOfKind("")
	for k, of := range t.kinds {
		of.fixed = maps.Clone(t.fixed)
		for base := range of.overrides {
			delete(of.fixed, base)
			if text, ok := t.fixed[base+"@"+string(k)]; ok {
				of.fixed[base] = text
			}
		}
	}
}
