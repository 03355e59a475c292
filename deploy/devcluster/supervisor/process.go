package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const stopTimeout = 10 * time.Second

// process is one part of the cluster, its output in a log file of its own.
type process struct {
	name    string
	command *exec.Cmd
	log     string
	ended   chan struct{}
}

// startProcess starts a program that dies when the supervisor does, however the supervisor ends.
func startProcess(logs, name, program string, arguments []string, environment ...string) (*process, error) {
	path := filepath.Join(logs, name+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(program, arguments...)
	command.Stdout, command.Stderr = log, log
	command.Env = append(os.Environ(), environment...)
	// A process group of its own: Ctrl+C in a terminal reaches the supervisor alone, which stops the parts in order.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p := &process{name: name, command: command, log: path, ended: make(chan struct{})}
	started := make(chan error)
	go p.hold(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s does not start: %w", name, err)
	}
	return p, nil
}

// hold starts the command and waits for it on one locked thread: Pdeathsig is sent when the thread that started the
// child ends, not the process (prctl(2)).
func (p *process) hold(started chan<- error) {
	runtime.LockOSThread()
	if err := p.command.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	_ = p.command.Wait()
	close(p.ended)
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// failure tells why the part ended, with the end of its log.
func (p *process) failure() error {
	return fmt.Errorf("%s ended early (%s); the end of %s:\n%s", p.name, p.command.ProcessState, p.log, tail(p.log, 15))
}

// stop asks the part to end, and ends it when it does not.
func (p *process) stop() {
	if p.hasEnded() {
		return
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
		_ = p.command.Process.Kill()
		<-p.ended
	}
}

func tail(path string, lines int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// lockDir keeps a second supervisor off the same folder; the lock goes with the process.
func lockDir(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("another devcluster runs on %s: stop it, or name another --dir", dir)
	}
	return file, err
}
