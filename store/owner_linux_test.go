package store_test

import (
	"os"
	"syscall"
	"testing"

	"seducoahuila.gob.mx/altas/store"
)

// A tool that root runs leaves the file to the service's account.
func TestCompactKeepsTheOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	path := withDropped(t, "x")
	if err := os.Chown(path, 12345, 54321); err != nil {
		t.Skip("this file system keeps no owners: ", err)
	}
	if _, _, err := store.Compact(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner, is := info.Sys().(*syscall.Stat_t); !is || owner.Uid != 12345 || owner.Gid != 54321 {
		t.Errorf("the owner is %+v", info.Sys())
	}
}
