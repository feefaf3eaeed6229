package sandbox

import "syscall"

// newProcessGroup starts a program in a process group of its own, so that Ctrl-C reaches only
// Altas, which then ends the program.
func newProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
