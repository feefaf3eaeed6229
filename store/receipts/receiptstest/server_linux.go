package receiptstest

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

// Server is a database server of the test's own, to be killed at will. It ends
// with the test.
type Server struct {
	Database
	t    testing.TB
	dir  string
	args []string
	cmd  *exec.Cmd
	out  bytes.Buffer
}

// OnEachServer runs the test on a server of its own of each kind.
func OnEachServer(t *testing.T, test func(*testing.T, *Server)) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	for kind, start := range map[string]func(testing.TB, ...string) *Server{"postgres": StartPostgres, "mariadb": StartMariaDB} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, start(t))
		})
	}
}

// StartPostgres starts PostgreSQL on a free port, or skips where it is not
// installed. Further arguments are the server's.
func StartPostgres(t testing.TB, args ...string) *Server {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		unavailable(t, "PostgreSQL is not installed under /usr/lib/postgresql")
	}
	bin := filepath.Dir(found[len(found)-1])
	s := newServer(t, "postgres")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	s.do(filepath.Join(bin, "initdb"), "-D", data, "-U", "altas", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	s.DSN = fmt.Sprintf("postgres://altas@127.0.0.1:%d/postgres?sslmode=disable", port)
	s.args = append([]string{filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-k", s.dir}, args...)
	s.Start()
	return s
}

// StartMariaDB starts MariaDB on a free port, or skips where it is not installed.
// Further arguments are the server's. The login of DSN may do everything, by
// SUPER even what is forbidden; altas_plain may do all to the database altas, no more.
func StartMariaDB(t testing.TB, args ...string) *Server {
	t.Helper()
	bin := "/usr/sbin/mariadbd"
	install, err := exec.LookPath("mariadb-install-db")
	if _, missing := os.Stat(bin); err != nil || missing != nil {
		unavailable(t, "MariaDB's server is not installed")
	}
	s := newServer(t, "mysql")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	grants := filepath.Join(s.dir, "grants.sql")
	if err := os.WriteFile(grants, []byte(grantsSQL), 0o644); err != nil {
		t.Fatal(err)
	}
	s.do(install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
	s.DSN = fmt.Sprintf("mysql://altas@127.0.0.1:%d/altas", port)
	s.args = append([]string{bin, "--no-defaults", "--datadir=" + data, "--port=" + strconv.Itoa(port), "--bind-address=127.0.0.1",
		"--socket=" + filepath.Join(s.dir, "s.sock"), "--pid-file=" + filepath.Join(s.dir, "pid"), "--init-file=" + grants}, args...)
	s.Start()
	return s
}

const grantsSQL = `CREATE DATABASE IF NOT EXISTS altas;
CREATE USER IF NOT EXISTS altas@'127.0.0.1';
GRANT ALL ON *.* TO altas@'127.0.0.1' WITH GRANT OPTION;
CREATE USER IF NOT EXISTS altas_plain@'127.0.0.1' IDENTIFIED BY 'plain';
GRANT ALL ON altas.* TO altas_plain@'127.0.0.1';
`

// newServer makes a folder with a short name, for sockets' sake, that the
// server's user may write: neither server runs as root.
func newServer(t testing.TB, kind string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "altas-"+kind) //nolint:usetesting // t.TempDir is root's alone, and too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &Server{Database: Database{Kind: kind}, t: t, dir: dir}
	if os.Getuid() != 0 {
		return s
	}
	u, err := user.Lookup(kind)
	if err != nil {
		unavailable(t, "no user "+kind)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Server) command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "TMPDIR="+s.dir) // MariaDB clears its one as it starts, of others' tables too
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if info, err := os.Stat(s.dir); err == nil && os.Getuid() == 0 {
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return cmd
}

func (s *Server) do(args ...string) {
	s.t.Helper()
	if out, err := s.command(args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", args[0], err, out)
	}
}

// Start runs the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	s.cmd = s.command(s.args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.Kill)
	db := s.SQL(s.t)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), time.Minute)
	defer cancel()
	retry := time.NewTicker(50 * time.Millisecond)
	defer retry.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-retry.C:
		case <-ctx.Done():
			s.Kill()
			s.t.Fatalf("the server did not start:\n%s", s.out.String())
		}
	}
}

// Kill is SIGKILL: the server has no time for anything.
func (s *Server) Kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// freePort finds a port that stays free while the server on it is not yet there,
// or dead. It is below those that the system gives to outgoing connections, or a
// client that keeps knocking might be given the very port it knocks at (32768 and
// up on Linux, net.ipv4.ip_local_port_range). No other test takes it, of whichever
// package: until this one ends, it is held at an address that no server uses.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(20000 + rand.IntN(12000))
		held, err := net.Listen("tcp", net.JoinHostPort("127.0.0.2", port))
		if err != nil {
			continue
		}
		t.Cleanup(func() { _ = held.Close() })
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
			_ = l.Close()
			return held.Addr().(*net.TCPAddr).Port
		}
	}
	t.Fatal("no free port between 20000 and 32000")
	return 0
}
