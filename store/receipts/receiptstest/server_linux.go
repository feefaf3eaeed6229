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

// Server is a database server of one test, which the test may kill. It ends with the test.
type Server struct {
	Database
	t    testing.TB
	dir  string
	args []string
	cmd  *exec.Cmd
	out  bytes.Buffer
}

// OnEachServer runs the test on a new server of each kind.
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

// StartPostgres starts PostgreSQL on a free port; it skips the test if PostgreSQL is not installed.
// Further arguments are the server's.
func StartPostgres(t testing.TB, args ...string) *Server {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		Unavailable(t, "PostgreSQL is not installed under /usr/lib/postgresql")
	}
	bin := filepath.Dir(found[len(found)-1])
	s := newServer(t, "postgres")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	s.run(filepath.Join(bin, "initdb"), "-D", data, "-U", "altas", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	s.DSN = fmt.Sprintf("postgres://altas@127.0.0.1:%d/postgres?sslmode=disable", port)
	s.args = append([]string{filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-k", s.dir}, args...)
	s.Start()
	return s
}

// StartMariaDB starts MariaDB on a free port; it skips the test if MariaDB is not installed.
// Further arguments are the server's. The login of DSN has all rights, SUPER included; altas_plain
// has all on the database altas only.
func StartMariaDB(t testing.TB, args ...string) *Server {
	t.Helper()
	bin := "/usr/sbin/mariadbd"
	install, err := exec.LookPath("mariadb-install-db")
	if _, missing := os.Stat(bin); err != nil || missing != nil {
		Unavailable(t, "MariaDB's server is not installed")
	}
	s := newServer(t, "mysql")
	data, port := filepath.Join(s.dir, "data"), freePort(t)
	grants := filepath.Join(s.dir, "grants.sql")
	if err := os.WriteFile(grants, []byte(grantsSQL), 0o644); err != nil {
		t.Fatal(err)
	}
	s.run(install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
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

// newServer creates a folder that the server's user may write, because neither server runs as root.
// Its path is short, because a socket's is limited.
func newServer(t testing.TB, kind string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "altas-"+kind) //nolint:usetesting // only root may read t.TempDir, and it is too long for a socket
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
		Unavailable(t, "no user "+kind)
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
	cmd.Env = append(os.Environ(), "TMPDIR="+s.dir) // MariaDB deletes temporary tables there when it starts, those of other servers too
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if info, err := os.Stat(s.dir); err == nil && os.Getuid() == 0 {
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return cmd
}

func (s *Server) run(args ...string) {
	s.t.Helper()
	if out, err := s.command(args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", args[0], err, out)
	}
}

// Start starts the server and waits until it answers.
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

// Kill ends the server by SIGKILL, without a shutdown.
func (s *Server) Kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// freePort returns a port that stays free while the server is not running. It is below the ports of
// outgoing connections (32768 and up on Linux, net.ipv4.ip_local_port_range): a client that retries
// could otherwise be assigned the port that it connects to. It is reserved until the test ends by a
// listener on an address that no server uses, for tests of other packages too.
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
