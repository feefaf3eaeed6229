package sandbox

import "syscall"

// apart keeps a program that we start out of our console's group: Ctrl-C is for us
// to pass on.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
