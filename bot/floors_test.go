package bot_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the prefix of our packages' import paths; below, paths are without it.
const module = "seducoahuila.gob.mx/altas/"

// floors is the layer of each package: it imports only our packages of a lower layer.
var floors = map[string]float64{
	"bot/cmd/altas":                 3,
	"bot/sandbox":                   2.75,
	"bot/service":                   2.5,
	"bot":                           2,
	"bot/recipient":                 1.25,
	"bot/view":                      1.25,
	"bot/post":                      1.4,
	"bot/turn":                      1.5,
	"bot/confirm":                   1.6,
	"bot/file":                      1.6,
	"bot/letter":                    1.75,
	"bot/password":                  1.75,
	"bot/status":                    1.75,
	"bot/tab":                       1.75,
	"bot/form":                      1.75,
	"bot/flowchart":                 1.75,
	"bot/approval":                  1.75,
	"bot/attention":                 1.75,
	"bot/admin":                     1.75,
	"bot/report":                    1.75,
	"bot/sentence":                  1.75,
	"bot/preference":                1.75,
	"bot/privacy":                   1.75,
	"bot/notify":                    1.75,
	"bot/catalogue":                 1,
	"bot/words":                     1,
	"bot/guide":                     1,
	"cards":                         1,
	"store":                         1,
	"store/receipts":                1,
	"provisioning/graph":            1,
	"store/storetest":               1.5,
	"store/receipts/receiptstest":   0.5,
	"provisioning/roster":           0.5, // the receipts read lists too
	"provisioning/reconcile":        0.5,
	"provisioning/report":           0.5,
	"provisioning/access":           0.5,
	"provisioning/creation":         0.5,
	"provisioning/recovery":         0.5,
	"provisioning/flow":             0.5,
	"provisioning/letter":           0.5,
	"provisioning/retention":        0.6,
	"provisioning/privacy":          0.5,
	"provisioning/provisioningtest": 0.5,
	"provisioning/expediente":       0.75,
	"provisioning":                  0,
	"provisioning/job":              -0.5,
	"provisioning/audit":            -0.5,
	"provisioning/calendar":         -0.5,
	"provisioning/secret":           -0.5,
	"provisioning/identity":         -0.5,
	"provisioning/pdf":              -0.5,
	"provisioning/input":            -0.75,
	"provisioning/typeface":         -0.75,
	"provisioning/problem":          -1,
	"provisioning/graph/graphfake":  0,
	"bot/connector":                 0,
	"bot/signin":                    0,
	"bot/diagram":                   0,
	"bot/connector/teamsfake":       0,
	"manifest":                      0,
	"bot/console":                   -1,
}

// assembly are the packages that create the adapters; the bot knows only interfaces.
var assembly = []string{"bot/service", "bot/sandbox", "bot/cmd/altas"}

// testSupport are imported by tests only, and may import testing.
var testSupport = []string{"provisioning/provisioningtest", "store/storetest", "store/receipts/receiptstest"}

// databases are the packages that use SQL.
var databases = []string{"store/receipts", "store/receipts/receiptstest"}

// importers names the packages that may import a package, or one below it; "*" matches any ending.
var importers = map[string][]string{
	"store":                        append([]string{"store/storetest"}, assembly...),
	"store/storetest":              {},
	"store/receipts":               assembly,
	"store/receipts/receiptstest":  {},
	"provisioning/graph":           assembly,
	"provisioning/graph/graphfake": {"bot/sandbox"},
	"bot/connector/teamsfake":      {"bot/sandbox"},

	"github.com/gin-gonic/gin":                {"bot"},
	"github.com/coreos/go-oidc":               {"bot/signin"},
	"go.etcd.io/bbolt":                        {"store"},
	"github.com/infracloudio/msbotbuilder-go": {"bot/connector"},
	"github.com/microsoftgraph/*":             {"provisioning/graph"},
	"github.com/microsoft/kiota*":             {"provisioning/graph"},
	"database/sql":                            databases,
	"github.com/jmoiron/sqlx":                 {"store/receipts"},
	"github.com/pressly/goose":                {"store/receipts"},
	"modernc.org/sqlite":                      databases,
	"github.com/jackc/pgx":                    databases,
	"github.com/go-sql-driver/mysql":          databases,
	"github.com/microsoft/go-mssqldb":         {"store/receipts"},

	"testing":                       testSupport,
	"github.com/xuri/excelize":      {"provisioning/roster", "bot/report"},
	"github.com/carlos7ags/folio":   {"provisioning/pdf"},
	"net/http/httptest":             {},
	"provisioning/provisioningtest": {},
}

// source is the imports of one Go file.
type source struct {
	name    string
	imports []string
}

// violations returns a sentence for each package without a layer, each import of the same or a
// higher layer, and each that importers forbids.
func violations(packages map[string][]source, floors map[string]float64, importers map[string][]string) []string {
	var found []string
	for room, sources := range packages {
		if _, ok := floors[room]; !ok {
			found = append(found, room+" stands on no floor: add it to the map")
			continue
		}
		for _, s := range sources {
			for _, imported := range s.imports {
				if why := violation(room, imported, floors, importers); why != "" {
					found = append(found, fmt.Sprintf("%s/%s imports %s: %s", room, s.name, imported, why))
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

func violation(room, imported string, floors map[string]float64, importers map[string][]string) string {
	if allowed, ok := importersOf(imported, importers); ok && !slices.Contains(allowed, room) {
		return fmt.Sprintf("only for %q", allowed)
	}
	floor, ours := floors[imported]
	switch {
	case !ours || floor < floors[room]:
		return ""
	case floor == floors[room]:
		return fmt.Sprintf("sideways, both on floor %v", floor)
	}
	return fmt.Sprintf("up, from floor %v to %v", floors[room], floor)
}

// importersOf returns the packages that may import the path, by the longest matching rule.
func importersOf(imported string, importers map[string][]string) (allowed []string, ok bool) {
	longest := ""
	for rule, packages := range importers {
		stem, family := strings.CutSuffix(rule, "*")
		covers := imported == rule || strings.HasPrefix(imported, rule+"/") || family && strings.HasPrefix(imported, stem)
		if covers && len(rule) > len(longest) {
			longest, allowed, ok = rule, packages, true
		}
	}
	return allowed, ok
}

func TestFloors(t *testing.T) {
	t.Parallel()
	packages := readPackages(t)
	for _, b := range violations(packages, floors, importers) {
		t.Error(b)
	}
	for room := range floors {
		if _, built := packages[room]; !built {
			t.Errorf("%s is on the map, and is not there", room)
		}
	}
}

// README.md names every package. That each has a package comment is checked by the linter.
func TestEveryRoomHasAWayIn(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for room := range readPackages(t) {
		if !strings.Contains(string(readme), "]("+room+")") && !slices.Contains(testSupport, room) {
			t.Errorf("README.md does not name %s", room)
		}
	}
}

func TestGinStaysInOneFile(t *testing.T) {
	t.Parallel()
	for _, s := range readPackages(t)["bot"] {
		if slices.Contains(s.imports, "github.com/gin-gonic/gin") && s.name != "http.go" {
			t.Errorf("bot/%s imports gin, which stays in http.go", s.name)
		}
	}
}

// mostMethods is how many methods a type of the bot or its rooms may have.
const mostMethods = 40

func TestNoTypeDoesEverything(t *testing.T) {
	t.Parallel()
	for room, sources := range readPackages(t) {
		if room != "bot" && !strings.HasPrefix(room, "bot/") || strings.HasPrefix(room, "bot/connector") { // the fake of Teams is one of them
			continue
		}
		methods := map[string]int{}
		for _, s := range sources {
			for _, receiver := range receiversIn(t, room+"/"+s.name) {
				methods[receiver]++
			}
		}
		for receiver, n := range methods {
			if n > mostMethods {
				t.Errorf("%s.%s has %d methods, %d at most", room, receiver, n, mostMethods)
			}
		}
	}
}

// receiversIn returns the receiver's type of each method of a file.
func receiversIn(t *testing.T, name string) (receivers []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		of := f.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		receivers = append(receivers, types.ExprString(of))
	}
	return receivers
}

// What sets a temporary password is created here and passed to bot/password alone: no other room
// has a value that can.
func TestOnlyPasswordSetsPasswords(t *testing.T) {
	t.Parallel()
	let := map[string][]string{
		"TemporaryPasswords": {"bot/bot.go", "bot/rooms.go", "bot/service/service.go", "bot/password/passwords.go"},
		"Revealer":           {"bot/rooms.go", "bot/password/passwords.go", "bot/password/password.go", "bot/password/together.go"},
		"SetPassword":        {},
	}
	for room, sources := range readPackages(t) {
		if room != "bot" && !strings.HasPrefix(room, "bot/") || strings.HasPrefix(room, "bot/connector") {
			continue
		}
		for _, s := range sources {
			name := room + "/" + s.name
			for word := range namesIn(t, name) {
				if who, kept := let[word]; kept && !slices.Contains(who, name) {
					t.Errorf("%s names %s", name, word)
				}
			}
		}
	}
}

// namesIn returns the identifiers of a file.
func namesIn(t *testing.T, name string) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

// The binary links no test code, directly or indirectly.
func TestBinaryLinksNoTestCode(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("cmd/altas"); err != nil {
		t.Skip("bot/cmd/altas is not there")
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/altas").Output()
	if err != nil {
		t.Fatalf("go list -deps: %v", err)
	}
	linked := strings.Fields(string(out))
	banned := []string{"testing", "net/http/httptest"}
	for _, support := range testSupport {
		banned = append(banned, module+support)
	}
	for _, banned := range banned {
		if slices.Contains(linked, banned) {
			t.Errorf("altas links %s; go list -deps -f '{{.ImportPath}} {{.Imports}}' ./bot/cmd/altas tells through whom", banned)
		}
	}
}

// Each case adds one forbidden import to a small set of packages; violations must find it.
func TestFloorsCatchPlantedImports(t *testing.T) {
	t.Parallel()
	plan := map[string]float64{"bot/cmd/altas": 3, "bot": 2, "cards": 1, "store": 1, "provisioning": 0}
	rules := map[string][]string{
		"store":                       {"bot/cmd/altas"},
		"go.etcd.io/bbolt":            {"store"},
		"github.com/microsoft/kiota*": {"provisioning/graph"},
		"testing":                     {},
	}
	cases := map[string]struct{ room, imported, want string }{
		"down":             {"bot", "cards", ""},
		"down two":         {"bot/cmd/altas", "provisioning", ""},
		"standard library": {"provisioning", "time", ""},
		"at its door":      {"store", "go.etcd.io/bbolt", ""},
		"sideways":         {"store", "cards", "store/x.go imports cards: sideways, both on floor 1"},
		"itself":           {"cards", "cards", "cards/x.go imports cards: sideways, both on floor 1"},
		"up":               {"provisioning", "cards", "provisioning/x.go imports cards: up, from floor 0 to 1"},
		"an adapter":       {"bot", "store", `bot/x.go imports store: only for ["bot/cmd/altas"]`},
		"past its door":    {"bot", "go.etcd.io/bbolt", `bot/x.go imports go.etcd.io/bbolt: only for ["store"]`},
		"below a door":     {"bot", "go.etcd.io/bbolt/errors", `bot/x.go imports go.etcd.io/bbolt/errors: only for ["store"]`},
		"a namesake":       {"bot", "go.etcd.io/bbolted", ""},
		"of a family":      {"bot", "github.com/microsoft/kiota-http-go", `bot/x.go imports github.com/microsoft/kiota-http-go: only for ["provisioning/graph"]`},
		"for tests":        {"cards", "testing", "cards/x.go imports testing: only for []"},
		"unknown package":  {"util", "time", "util stands on no floor: add it to the map"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			packages := map[string][]source{"provisioning": nil, c.room: {{"x.go", []string{c.imported}}}}
			if diff := cmp.Diff(want, violations(packages, plan, rules)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

// readPackages reads the imports of every package of the module on disk, for every system, without
// tests.
func readPackages(t *testing.T) map[string][]source {
	t.Helper()
	packages := map[string][]source{}
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && notOurs(d.Name()):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		room := path.Dir(name)
		packages[room] = append(packages[room], source{path.Base(name), readImports(t, name)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) == 0 {
		t.Fatal("no Go file found: the test looks in the wrong place")
	}
	return packages
}

// notOurs reports whether a folder contains no package of ours.
func notOurs(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "testdata" || folder == "node_modules"
}

func readImports(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", filepath.FromSlash(name)), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	imports := make([]string, 0, len(file.Imports))
	for _, spec := range file.Imports {
		imports = append(imports, strings.TrimPrefix(strings.Trim(spec.Path.Value, "`\""), module))
	}
	return imports
}
