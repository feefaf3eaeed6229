package receipts

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// server is a database server of the test's own, to be killed at will.
type server struct {
	t    *testing.T
	dir  string
	dsn  string
	args []string
	cmd  *exec.Cmd
	out  bytes.Buffer
}

// postgresServer starts PostgreSQL on a free port, or skips where it is not installed.
func postgresServer(t *testing.T) *server {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		unavailable(t, "PostgreSQL is not installed under /usr/lib/postgresql")
	}
	bin := filepath.Dir(found[len(found)-1])
	s := newServer(t, "postgres")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	s.do(filepath.Join(bin, "initdb"), "-D", data, "-U", "altas", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	s.dsn = fmt.Sprintf("postgres://altas@127.0.0.1:%d/postgres?sslmode=disable", port)
	s.args = []string{filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-k", s.dir}
	return s.start()
}

// mariadbServer starts MariaDB on a free port, or skips where it is not installed.
func mariadbServer(t *testing.T) *server {
	t.Helper()
	bin := "/usr/sbin/mariadbd"
	install, err := exec.LookPath("mariadb-install-db")
	if _, missing := os.Stat(bin); err != nil || missing != nil {
		unavailable(t, "MariaDB's server is not installed")
	}
	s := newServer(t, "mysql")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	grants := filepath.Join(s.dir, "grants.sql")
	if err := os.WriteFile(grants, []byte("CREATE DATABASE IF NOT EXISTS altas;\nCREATE USER IF NOT EXISTS altas@'127.0.0.1';\nGRANT ALL ON *.* TO altas@'127.0.0.1';\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.do(install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
	s.dsn = fmt.Sprintf("mysql://altas@127.0.0.1:%d/altas", port)
	s.args = []string{bin, "--no-defaults", "--datadir=" + data, "--port=" + strconv.Itoa(port), "--bind-address=127.0.0.1",
		"--socket=" + filepath.Join(s.dir, "s.sock"), "--pid-file=" + filepath.Join(s.dir, "pid"), "--init-file=" + grants}
	return s.start()
}

// newServer makes a folder with a short name, for sockets' sake, that the
// server's user may write: neither server runs as root.
func newServer(t *testing.T, account string) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "altas-"+account) //nolint:usetesting // t.TempDir is root's alone, and too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &server{t: t, dir: dir}
	if os.Getuid() != 0 {
		return s
	}
	u, err := user.Lookup(account)
	if err != nil {
		unavailable(t, "no user "+account)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if info, err := os.Stat(s.dir); err == nil && os.Getuid() == 0 {
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return cmd
}

func (s *server) do(args ...string) {
	s.t.Helper()
	if out, err := s.command(args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", args[0], err, out)
	}
}

// start runs the server and waits until it answers.
func (s *server) start() *server {
	s.t.Helper()
	s.cmd = s.command(s.args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.kill)
	db := raw(s.t, s.dsn)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), time.Minute)
	defer cancel()
	retry := time.NewTicker(50 * time.Millisecond)
	defer retry.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-retry.C:
		case <-ctx.Done():
			s.kill()
			s.t.Fatalf("the server did not start:\n%s", s.out.String())
		}
	}
	return s
}

// kill is SIGKILL: the server has no time for anything.
func (s *server) kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// freePort finds a port that stays free while the server on it is dead: below
// those that the system gives to outgoing connections, or a client that keeps
// knocking might be given the very port it knocks at (32768 and up on Linux,
// net.ipv4.ip_local_port_range).
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20000 + rand.IntN(12000)
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no free port between 20000 and 32000")
	return 0
}
