package bot_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every file that a README or CONTRIBUTING.md names exists.
func TestWhatTheDocumentationNamesIsThere(t *testing.T) {
	t.Parallel()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && name != ".github" && notOurs(d.Name()):
			return fs.SkipDir
		case d.Name() != "README.md" && d.Name() != "CONTRIBUTING.md":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		for line := range strings.Lines(string(text)) {
			for _, missing := range notThere(root, path.Dir(name), line) {
				t.Errorf("%s names %s, which is not there", name, missing)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A README with a table of files names every file of its package.
func TestATableOfFilesNamesEach(t *testing.T) {
	t.Parallel()
	for _, room := range []string{".", "service", "../cards", "../provisioning", "../provisioning/identity", "../provisioning/input"} {
		text, err := os.ReadFile(path.Join(room, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		files, err := fs.Glob(os.DirFS(room), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if name != "doc.go" && !strings.HasSuffix(name, "_test.go") && !names(string(text), name) {
				t.Errorf("%s: the README names no %s", room, name)
			}
		}
	}
}

// names reports whether a page names the file, or a pattern that matches it.
func names(page, file string) bool {
	return slices.ContainsFunc(namedFile.FindAllStringSubmatch(page, -1), func(found []string) bool {
		ok, err := path.Match(found[1], file)
		return ok && err == nil
	})
}

// namedFile matches a Go file's name; "gallery*.go" is a pattern.
var namedFile = regexp.MustCompile("`([\\w*]+\\.go)`")

// named matches the targets of links, and file names.
var named = regexp.MustCompile("\\]\\(([^)\\s]+)\\)|`([\\w./-]+\\.(?:go|mjs|md|yaml|sql))`")

// notThere returns the files that a line names and that are neither in the page's folder, nor at
// the root, nor beside the file named before.
func notThere(root fs.FS, folder, line string) (missing []string) {
	beside := folder
	for _, found := range named.FindAllStringSubmatch(line, -1) {
		name, _, _ := strings.Cut(found[1]+found[2], "#")
		if strings.Contains(name, "://") || name == "altas.yaml" { // the organisation's own
			continue
		}
		at := ""
		for _, from := range []string{folder, ".", beside} {
			if _, err := fs.Stat(root, path.Join(from, name)); err == nil {
				at = path.Join(from, name)
			}
		}
		if at == "" {
			missing = append(missing, name)
			continue
		}
		beside = path.Dir(at)
	}
	return missing
}
