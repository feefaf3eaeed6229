//go:build unix

package store

import (
	"os"
	"path/filepath"
	"syscall"
)

// keepOwner gives the fresh file the owner of the one that it replaces or, where there is none, of its
// folder. Only root can give files away; for others the owner is as it is.
func keepOwner(fresh, path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		info, err = os.Stat(filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); known {
		return os.Chown(fresh, int(owner.Uid), int(owner.Gid))
	}
	return nil
}
