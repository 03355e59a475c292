package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const (
	readyTimeout = 120 * time.Second
	pollInterval = 100 * time.Millisecond
)

// cluster is everything that one supervisor runs.
type cluster struct {
	Options
	credentials credentials
	ports       ports
	lock        *os.File
	processes   []*process // in the order of their start
}

// ports are free ones of loopback, picked at start.
type ports struct{ etcd, etcdPeer, apiserver, controllers, scheduler, metrics, kwok, prometheus int }

// description is the line that callers read.
type description struct {
	Kubeconfig  string `json:"kubeconfig"`
	Server      string `json:"server"`
	Kubectl     string `json:"kubectl"`
	Nodes       int    `json:"nodes"`
	KwokMetrics string `json:"kwok_metrics"`
	Prometheus  string `json:"prometheus,omitempty"`
}

func newCluster(options Options) (*cluster, error) {
	for _, folder := range []string{options.Dir, filepath.Join(options.Dir, "logs")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
	}
	lock, err := lockDir(options.Dir)
	if err != nil {
		return nil, err
	}
	c := &cluster{Options: options, lock: lock}
	if c.credentials, err = openCredentials(c.path("credentials")); err != nil {
		return nil, err
	}
	if c.ports, err = c.pickPorts(); err != nil {
		return nil, err
	}
	return c, c.credentials.writeKubeconfig(c.path("kubeconfig"), c.server())
}

func (c *cluster) path(parts ...string) string {
	return filepath.Join(append([]string{c.Dir}, parts...)...)
}
func (c *cluster) program(name string) string { return filepath.Join(c.Programs, name) }
func (c *cluster) server() string             { return fmt.Sprintf("https://127.0.0.1:%d", c.ports.apiserver) }

func (c *cluster) describe() description {
	d := description{
		Kubeconfig:  c.path("kubeconfig"),
		Server:      c.server(),
		Kubectl:     c.program("kubectl"),
		Nodes:       c.Nodes,
		KwokMetrics: fmt.Sprintf("https://127.0.0.1:%d/discovery/prometheus", c.ports.kwok),
	}
	if c.Prometheus != "" {
		d.Prometheus = fmt.Sprintf("http://127.0.0.1:%d", c.ports.prometheus)
	}
	return d
}

// start brings the parts up in order, each when the one that it needs answers.
func (c *cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	steps := []func(context.Context) error{
		c.startStorage, c.startAPIServer, c.applyDefinitions, c.startControllers, c.startMetrics, c.startNodes,
		c.awaitMetrics, c.startPrometheus,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) launch(name, program string, arguments []string, environment ...string) error {
	p, err := startProcess(c.path("logs"), name, program, arguments, environment...)
	if err != nil {
		return err
	}
	c.processes = append(c.processes, p)
	return nil
}

// stopLast ends the part that was started last, and forgets it.
func (c *cluster) stopLast() {
	last := len(c.processes) - 1
	c.processes[last].stop()
	c.processes = c.processes[:last]
}

// wait returns nil when the context ends, and an error when a part ends before.
func (c *cluster) wait(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pollInterval):
			if err := c.firstFailure(); err != nil {
				return err
			}
		}
	}
}

func (c *cluster) firstFailure() error {
	for _, p := range c.processes {
		if p.hasEnded() {
			return p.failure()
		}
	}
	return nil
}

// stop ends the parts, the last started first, so that none of them complains of a missing server.
func (c *cluster) stop() {
	for i := len(c.processes) - 1; i >= 0; i-- {
		c.processes[i].stop()
	}
	_ = c.lock.Close()
}

// eventually repeats a check until it holds; a part that dies meanwhile ends the wait with its log.
func (c *cluster) eventually(ctx context.Context, what string, check func(context.Context) error) error {
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		if failure := c.firstFailure(); failure != nil {
			return failure
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: gave up after %s: %w", what, readyTimeout, err)
		case <-time.After(pollInterval):
		}
	}
}

// answers checks that an address of ours answers 200.
func (c *cluster) answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+c.credentials.token)
		response, err := c.client().Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %s", url, response.Status)
		}
		return nil
	}
}

func (c *cluster) client() *http.Client {
	authority, _ := os.ReadFile(c.credentials.path("ca.crt"))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}
	return &http.Client{Transport: transport, Timeout: 2 * time.Second}
}

// pickPorts holds all of them open until each is known, so that no two are the same. The API server keeps its port
// from run to run where it is still free, so that a kubeconfig handed out stays right.
func (c *cluster) pickPorts() (ports, error) {
	var picked ports
	var listeners []net.Listener
	defer func() {
		for _, l := range listeners {
			_ = l.Close()
		}
	}()
	kept := readPort(c.path("port"))
	for _, port := range []*int{&picked.apiserver, &picked.etcd, &picked.etcdPeer, &picked.controllers, &picked.scheduler, &picked.metrics, &picked.kwok, &picked.prometheus} {
		listener, err := listen(kept)
		kept = 0
		if err != nil {
			return picked, err
		}
		listeners = append(listeners, listener)
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	return picked, os.WriteFile(c.path("port"), fmt.Appendf(nil, "%d", picked.apiserver), 0o600)
}

func readPort(path string) int {
	var port int
	if content, err := os.ReadFile(path); err == nil {
		_, _ = fmt.Sscanf(string(content), "%d", &port)
	}
	return port
}

func listen(wanted int) (net.Listener, error) {
	if wanted != 0 {
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", wanted)); err == nil {
			return listener, nil
		}
	}
	return net.Listen("tcp", "127.0.0.1:0")
}
