//go:build unix

package sandbox

import "syscall"

// apart keeps a program that we start out of our terminal's group: Ctrl-C is for us
// to pass on.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
