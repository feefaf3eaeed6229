package store

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// releaseFile is a store that the last release wrote; its README describes its contents.
const releaseFile = "../bot/service/testdata/release/altas.db.gz"

// releaseRecords are the buckets of records with their types. Documents are read by the packages
// that save them; bot/service tests those.
var releaseRecords = map[string]any{
	bucketMeta: 0, bucketFolios: 0, bucketSeatsHeld: 0,
	bucketRequests: provisioning.Request{}, bucketAccounts: provisioning.Account{}, bucketTallies: provisioning.Tally{},
	bucketSeats: seat{}, bucketOutbox: provisioning.Notice{}, bucketAudit: unchained{}, bucketJobs: jobRecord{},
}

// releaseDocuments is the number of documents of each kind in the file.
var releaseDocuments = map[string]int{
	"centres": 1, "centres-edition": 1, "channel": 1, "chat": 7, "draft": 9, "graph": 1, "inquiry": 5, "low_stock": 1, "outage": 2,
	"post": 143, "question": 2, "refusal": 3, "reminded": 2, "requester-card": 37, "service": 1, "settled": 1, "settlement": 4,
	"shortage": 1, "stock_unread": 1, "substitute": 1, "teams": 1, "thread": 74,
}

// releaseStates is the number of requests and lines in each state, of lines with each trouble, of
// jobs and notices of each kind, and of jobs in each place.
var releaseStates = map[string]map[string]int{
	"requests": {
		"director": 5, "subdirector": 4, "returned": 1, "provisioning": 9, "attention": 6,
		"completed": 9, "rejected": 1, "cancelled": 1, "expired": 1,
	},
	"lines": {
		"pending": 17, "reserved": 2, "created": 3, "licensed": 1, "recorded": 1, "announced": 8,
		"exists": 1, "attention": 7, "excluded": 2,
	},
	"troubles": {"trouble.homonym": 1, "trouble.curp": 1, "trouble.deleted": 1, "trouble.permission": 4},
	"jobs":     {"start": 1, "line": 6, "receipt": 1, "seats": 1, "cards": 5, "notices": 2, "remind": 17, "draft": 1, "account": 5},
	"places":   {"later": 30, "ready": 5, "leased": 4},
	"notices":  {"received": 2, "turned": 2, "authorized": 1, "ready": 1, "cancelled": 1},
}

// sinceRelease are the states and kinds of job that were added after the release, which the file
// cannot have.
var sinceRelease = map[string][]string{"jobs": {string(provisioning.JobLetter), "handover"}}

// unpackRelease returns the path of a copy of the file.
func unpackRelease(t *testing.T) string {
	t.Helper()
	packed, err := os.Open(releaseFile)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(plain)
	path := filepath.Join(t.TempDir(), "altas.db")
	if err = cmp.Or(err, os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// entry is a key with its value.
type entry struct{ key, value []byte }

// entries returns all entries of a file, by bucket.
func entries(t *testing.T, path string) map[string][]entry {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string][]entry{}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			all[string(name)] = nil
			return b.ForEach(func(k, v []byte) error {
				all[string(name)] = append(all[string(name)], entry{bytes.Clone(k), bytes.Clone(v)})
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The file has a record in every present bucket, and no other bucket.
func TestReleaseHasEveryBucket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new.db")
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	today, then := entries(t, path), entries(t, unpackRelease(t))
	if diff := gocmp.Diff(slices.Sorted(maps.Keys(today)), slices.Sorted(maps.Keys(then))); diff != "" {
		t.Errorf("buckets (-today +the file's):\n%s", diff)
	}
	for bucket, all := range then {
		if len(all) == 0 {
			t.Errorf("%s is empty", bucket)
		}
	}
}

// Each record is decoded into the present type and encoded again without a difference: no field is
// dropped, renamed or read otherwise.
func TestReleaseRecordsAreReadWhole(t *testing.T) {
	t.Parallel()
	for bucket, all := range entries(t, unpackRelease(t)) {
		sample, known := releaseRecords[bucket]
		for _, e := range all {
			switch {
			case known:
			case bytes.HasPrefix(e.value, []byte("{")) && bucket != bucketDocuments:
				t.Fatalf("%s has records of which this test knows nothing: %s", bucket, e.value)
			default:
				continue
			}
			if diff := reread(e.value, reflect.TypeOf(sample)); diff != "" {
				t.Errorf("%s %q (-the file +read and written):\n%s", bucket, e.key, diff)
			}
		}
	}
}

// reread decodes a record into a type, encodes it again, and returns the difference.
func reread(raw []byte, into reflect.Type) string {
	was, is, err := provisioningtest.Reread(raw, into)
	if err != nil {
		return err.Error()
	}
	return gocmp.Diff(was, is)
}

// The file has every kind of document, state and job that the last release wrote, and the present
// code has no other state or job.
func TestReleaseHasEveryKind(t *testing.T) {
	t.Parallel()
	all := entries(t, unpackRelease(t))
	documents := map[string]int{}
	for _, e := range all[bucketDocuments] {
		kind, _, _ := bytes.Cut(e.key, []byte(sep))
		documents[string(kind)]++
	}
	if diff := gocmp.Diff(releaseDocuments, documents); diff != "" {
		t.Errorf("documents (-want +the file's):\n%s", diff)
	}
	got := map[string]map[string]int{
		"requests": tallied(t, all[bucketRequests], func(r provisioning.Request) string { return string(r.State) }),
		"lines":    tallied(t, all[bucketAccounts], func(a provisioning.Account) string { return string(a.State) }),
		"troubles": tallied(t, all[bucketAccounts], func(a provisioning.Account) string {
			if a.Trouble == nil {
				return ""
			}
			return a.Trouble.Reason
		}),
		"jobs":    tallied(t, all[bucketJobs], func(r jobRecord) string { return string(r.Kind) }),
		"places":  tallied(t, all[bucketJobs], func(r jobRecord) string { return string(r.Place) }),
		"notices": tallied(t, all[bucketOutbox], func(n provisioning.Notice) string { return string(n.Kind) }),
	}
	if diff := gocmp.Diff(releaseStates, got); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
	for what, types := range map[string][]string{
		"requests": {"RequestState"}, "lines": {"AccountState"}, "jobs": {"JobKind", "provisioning.JobKind", "job.Kind"},
	} {
		want := slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(releaseStates[what])), sinceRelease[what])))
		if diff := gocmp.Diff(want, constants(t, types)); diff != "" {
			t.Errorf("%s (-the file's +the constants of the code):\n%s", what, diff)
		}
	}
}

func tallied[T any](t *testing.T, all []entry, of func(T) string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, e := range all {
		var record T
		if err := json.Unmarshal(e.value, &record); err != nil {
			t.Fatal(err)
		}
		if what := of(record); what != "" {
			counts[what]++
		}
	}
	return counts
}

// constants returns the values of all constants of the types in the module, sorted.
func constants(t *testing.T, types []string) []string {
	t.Helper()
	var values []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if ok && slices.Contains(types, typeName(file, spec.Type)) {
				for _, v := range spec.Values {
					if text, isText := v.(*ast.BasicLit); isText {
						value, _ := strconv.Unquote(text.Value)
						values = append(values, value)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(values)
	return values
}

// typeName returns the name of a type: "JobKind", "provisioning.JobKind"; Kind is "job.Kind" in
// package job, too.
func typeName(file *ast.File, of ast.Expr) string {
	switch e := of.(type) {
	case *ast.Ident:
		if e.Name == "Kind" {
			return file.Name.Name + ".Kind"
		}
		return e.Name
	case *ast.SelectorExpr:
		return fmt.Sprintf("%s.%s", e.X, e.Sel.Name)
	}
	return ""
}

// The present store opens the file: its invariants hold, no job is missing, and claimed jobs can be
// claimed again.
func TestReleaseOpens(t *testing.T) {
	t.Parallel()
	path := unpackRelease(t)
	db, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := db.Check(context.Background())
	forgotten, errForgotten := db.Forgotten(context.Background())
	if err = cmp.Or(err, errForgotten, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.Concat(problems, forgotten) {
		t.Error(p)
	}
	for _, e := range entries(t, path)[bucketJobs] {
		var r jobRecord
		if err := json.Unmarshal(e.value, &r); err != nil || r.Place == placeLeased || r.Again != nil {
			t.Errorf("job %q is %+v, %v", e.key, r, err)
		}
	}
}
