package cards

import (
	"maps"

	"seducoahuila.gob.mx/altas/provisioning"
)

// kindTexts are the texts of a locale about one kind of request. "request.title@recovery" takes the
// place of "request.title" on the cards of a recovery.
type kindTexts struct {
	kind  provisioning.RequestKind
	own   map[string]bool   // the keys that have a text for the kind
	fixed map[string]string // all texts that take no arguments
}

// about returns the texts for what is told of a request of that kind.
func (t *Texts) about(k provisioning.RequestKind) *Texts {
	of, ok := t.kinds[k]
	if !ok {
		of = t.kinds[""]
	}
	if of == t.kind {
		return t
	}
	told := *t
	told.fixed, told.kind = of.fixed, of
	return &told
}

// key returns the key under which the catalogue has the text for the present kind.
func (t *Texts) key(usual string) string {
	if t.kind.own[usual] {
		return usual + "@" + string(t.kind.kind)
	}
	return usual
}

func (t *Texts) ofKind(k provisioning.RequestKind) *kindTexts {
	of, ok := t.kinds[k]
	if !ok {
		of = &kindTexts{kind: k, own: make(map[string]bool)}
		t.kinds[k] = of
	}
	return of
}

// mergeKinds completes the kinds' fixed texts by the usual ones, once all files are read.
func (t *Texts) mergeKinds() {
	t.kind = t.ofKind("")
	for k, of := range t.kinds {
		of.fixed = maps.Clone(t.fixed)
		for usual := range of.own {
			delete(of.fixed, usual)
			if text, ok := t.fixed[usual+"@"+string(k)]; ok {
				of.fixed[usual] = text
			}
		}
	}
}
