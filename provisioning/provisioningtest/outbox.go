package provisioningtest

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
)

func outboxCases() cases {
	return cases{
		"pending notices are in order, for each recipient": pendingInOrder,
		"a delivered notice is not pending":                deliveredIsOut,
		"a notice is read as it was posted":                noticeRead,
		"a notice with Once is posted once only":           postOnce,
		"a failed update posts no notice with Once":        postOnceRolledBack,
		"a notice without Once may be repeated":            postMany,
		"notices may be delivered while they are read":     pendingWhileDelivering,
		"addressees are those with pending notices":        addresseesOnce,
	}
}

func documentCases() cases {
	return cases{
		"a document is loaded as it was saved": documentLoads,
		"a document is replaced":               documentReplaced,
		"a dropped document is deleted":        documentDropped,
		"keys are of one kind, in byte order":  documentKeys,
		"kinds are those with documents":       documentKinds,
	}
}

func pending(to string) func(provisioning.Tx) iter.Seq2[provisioning.Notice, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Notice, error] { return tx.Pending(to) }
}

func kindOf(n provisioning.Notice) provisioning.NoticeKind { return n.Kind }

func post(ns ...provisioning.Notice) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error {
		for _, n := range ns {
			if err := tx.Post(n); err != nil {
				return err
			}
		}
		return nil
	}
}

func pendingInOrder(t *testing.T, s Subject) {
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "received"}, provisioning.Notice{To: "anabel", Kind: "turned"}))
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "authorized"}, provisioning.Notice{To: "ana", Kind: "ready"}))
	wantAll(t, s, "ana's", pending("ana"), kindOf, "received", "authorized", "ready")
	wantAll(t, s, "anabel's", pending("anabel"), kindOf, "turned")
	wantAll(t, s, "beto's", pending("beto"), kindOf)
}

func addresseesOnce(t *testing.T, s Subject) {
	update(t, s, post(provisioning.Notice{To: "beto"}, provisioning.Notice{To: "ana"}, provisioning.Notice{To: "anabel"}, provisioning.Notice{To: "ana"}))
	seen := notices(t, s, "beto")
	update(t, s, func(tx provisioning.Tx) error { return tx.Delivered("beto", seen[0].ID) })
	all := func(tx provisioning.Tx) iter.Seq2[string, error] { return tx.Addressees() }
	wantAll(t, s, "addressees", all, strings.Clone, "ana", "anabel")
}

func notices(t *testing.T, s provisioning.Store, to string) []provisioning.Notice {
	t.Helper()
	var all []provisioning.Notice
	view(t, s, func(tx provisioning.Tx) (err error) {
		all, err = collect(tx.Pending(to))
		return err
	})
	return all
}

func deliveredIsOut(t *testing.T, s Subject) {
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "received"}, provisioning.Notice{To: "ana", Kind: "ready"}))
	id := notices(t, s, "ana")[0].ID
	update(t, s, func(tx provisioning.Tx) error {
		return errors.Join(tx.Delivered("ana", id), tx.Delivered("ana", id), tx.Delivered("beto", id+1))
	})
	wantAll(t, s, "ana's", pending("ana"), kindOf, "ready")
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "completed"}))
	if all := notices(t, s, "ana"); all[1].ID <= all[0].ID || all[0].ID <= id {
		t.Errorf("ids %d, %d, %d do not grow", id, all[0].ID, all[1].ID)
	}
}

func noticeRead(t *testing.T, s Subject) {
	want := provisioning.Notice{To: "ana", Kind: provisioning.NoticeReady, Folio: "2026-000001", Stamp: line1,
		Args: map[string]string{"address": "ana@docente.example"}, At: Start, Once: "ready:" + string(line1)}
	update(t, s, post(want))
	got := notices(t, s, "ana")
	want.ID = got[0].ID
	if diff := cmp.Diff([]provisioning.Notice{want}, got); diff != "" || want.ID == 0 {
		t.Errorf("Pending (-want +got):\n%s", diff)
	}
}

func postOnce(t *testing.T, s Subject) {
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "ready", Once: "x"}, provisioning.Notice{To: "ana", Kind: "exists", Once: "x"}))
	wantAll(t, s, "ana's", pending("ana"), kindOf, "ready")
	id := notices(t, s, "ana")[0].ID
	update(t, s, func(tx provisioning.Tx) error { return tx.Delivered("ana", id) })
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "ready", Once: "x"}, provisioning.Notice{To: "beto", Kind: "ready", Once: "x"}))
	wantAll(t, s, "ana's", pending("ana"), kindOf)
	wantAll(t, s, "beto's", pending("beto"), kindOf)
}

func postOnceRolledBack(t *testing.T, s Subject) {
	once := provisioning.Notice{To: "ana", Kind: "ready", Once: "x"}
	err := s.Update(t.Context(), func(tx provisioning.Tx) error { return errors.Join(tx.Post(once), errRollback) })
	if !errors.Is(err, errRollback) {
		t.Errorf("Update = %v, want %v", err, errRollback)
	}
	update(t, s, post(once))
	wantAll(t, s, "ana's", pending("ana"), kindOf, "ready")
}

func postMany(t *testing.T, s Subject) {
	update(t, s, post(provisioning.Notice{To: "ana", Kind: "reminder"}, provisioning.Notice{To: "ana", Kind: "reminder"}))
	wantAll(t, s, "ana's", pending("ana"), kindOf, "reminder", "reminder")
}

func pendingWhileDelivering(t *testing.T, s Subject) {
	update(t, s, func(tx provisioning.Tx) error {
		for range 200 {
			if err := tx.Post(provisioning.Notice{To: "ana", Kind: "reminder"}); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(tx provisioning.Tx) error {
		n := 0
		for notice, err := range tx.Pending("ana") {
			if err != nil {
				return err
			}
			n++
			if err := tx.Delivered(notice.To, notice.ID); err != nil {
				return err
			}
		}
		if n != 200 {
			t.Errorf("%d notices seen, want 200", n)
		}
		return nil
	})
	wantAll(t, s, "ana's", pending("ana"), kindOf)
}

type draft struct {
	Step  int               `json:"step"`
	Typed map[string]string `json:"typed"`
}

func documentLoads(t *testing.T, s Subject) {
	want := draft{2, map[string]string{"curp": string(CURP(1))}}
	update(t, s, func(tx provisioning.Tx) error { return tx.Save("draft", "ana", want) })
	view(t, s, func(tx provisioning.Tx) error {
		var got, other draft
		found, err := tx.Load("draft", "ana", &got)
		if diff := cmp.Diff(want, got); diff != "" || !found {
			t.Errorf("Load = %v (-want +got):\n%s", found, diff)
		}
		foundOther, errOther := tx.Load("card", "ana", &other)
		if foundOther {
			t.Error("Load found the document under another kind")
		}
		return errors.Join(err, errOther)
	})
}

func documentReplaced(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	update(t, s, save("a", 2))
	wantSaved(t, s, "a", 2, true)
}

func documentDropped(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	for range 2 { // the second time it does not exist
		update(t, s, func(tx provisioning.Tx) error { return tx.Drop("case", "a") })
	}
	wantSaved(t, s, "a", 0, false)
}

func documentKeys(t *testing.T, s Subject) {
	update(t, s, func(tx provisioning.Tx) error {
		for _, key := range []string{"2026-1/b", "2026-10/a", "2026-1/a", "ñ", "Z"} {
			if err := tx.Save("card", key, 1); err != nil {
				return err
			}
		}
		return tx.Save("cards", "2026-1/x", 1)
	})
	for prefix, want := range map[string][]string{
		"":        {"2026-1/a", "2026-1/b", "2026-10/a", "Z", "ñ"},
		"2026-1/": {"2026-1/a", "2026-1/b"},
		"x":       nil,
	} {
		view(t, s, func(tx provisioning.Tx) error {
			got, err := collect(tx.Keys("card", prefix))
			if !slices.Equal(got, want) {
				t.Errorf("Keys(%q) = %q, want %q", prefix, got, want)
			}
			return err
		})
	}
}

func documentKinds(t *testing.T, s Subject) {
	update(t, s, func(tx provisioning.Tx) error {
		return errors.Join(tx.Save("draft", "b", 1), tx.Save("card", "a", 1), tx.Save("draft", "a", 1), tx.Save("cards", "a", 1), tx.Drop("card", "a"))
	})
	kinds := func(tx provisioning.Tx) iter.Seq2[string, error] { return tx.Kinds() }
	wantAll(t, s, "kinds", kinds, strings.Clone, "cards", "draft")
}
