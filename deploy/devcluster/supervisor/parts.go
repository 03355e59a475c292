package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

// How the simulated nodes and their pods behave, and what they report.
//
//go:embed manifests
var manifests embed.FS

const kwokAttempts = 3

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func (c *cluster) startStorage(context.Context) error {
	client, peer := "https://"+loopback(c.ports.etcd), "http://"+loopback(c.ports.etcdPeer)
	return c.launch("etcd", c.program("etcd"), []string{
		"--data-dir=" + c.path("etcd"), "--unsafe-no-fsync",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=default=" + peer,
		"--force-new-cluster=" + fmt.Sprint(exists(c.path("etcd", "member"))), // the peer's port is another one each time
		"--cert-file=" + c.credentials.path("parts.crt"), "--key-file=" + c.credentials.path("parts.key"),
		"--client-cert-auth", "--trusted-ca-file=" + c.credentials.path("ca.crt"),
		"--auto-compaction-retention=10m", "--log-level=warn",
	})
}

func (c *cluster) startAPIServer(ctx context.Context) error {
	err := c.launch("kube-apiserver", c.program("kube-apiserver"), []string{
		"--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", c.ports.apiserver), "--cert-dir=" + c.path("credentials"),
		"--tls-cert-file=" + c.credentials.path("parts.crt"), "--tls-private-key-file=" + c.credentials.path("parts.key"),
		"--etcd-servers=https://" + loopback(c.ports.etcd), "--etcd-cafile=" + c.credentials.path("ca.crt"),
		"--etcd-certfile=" + c.credentials.path("parts.crt"), "--etcd-keyfile=" + c.credentials.path("parts.key"),
		"--kubelet-certificate-authority=" + c.credentials.path("ca.crt"),
		"--kubelet-client-certificate=" + c.credentials.path("parts.crt"), "--kubelet-client-key=" + c.credentials.path("parts.key"),
		"--token-auth-file=" + c.credentials.path("tokens.csv"), "--authorization-mode=RBAC", "--anonymous-auth=false",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.credentials.path("service-account.key"),
		"--service-account-signing-key-file=" + c.credentials.path("service-account.key"),
		"--service-cluster-ip-range=10.0.0.0/24",
		// What metrics-server answers, it answers in the name of who asked.
		"--requestheader-client-ca-file=" + c.credentials.path("ca.crt"), "--requestheader-allowed-names=devcluster-parts",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + c.credentials.path("parts.crt"), "--proxy-client-key-file=" + c.credentials.path("parts.key"),
	})
	if err != nil {
		return err
	}
	return c.eventually(ctx, "the API server is not ready", c.answers(c.server()+"/readyz"))
}

// applyDefinitions teaches the API server kwok's kinds and says how nodes and pods behave.
func (c *cluster) applyDefinitions(ctx context.Context) error {
	if err := c.kubectl(ctx, nil, "apply", "--server-side", "--force-conflicts", "-f", c.program("kwok-crds")); err != nil {
		return err
	}
	if err := c.kubectl(ctx, nil, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"); err != nil {
		return err
	}
	if err := os.WriteFile(c.path("pod.log"), []byte(podLog()), 0o600); err != nil {
		return err
	}
	if err := c.kubectl(ctx, nil, "apply", "--server-side", "--force-conflicts", "-f", c.program("kwok-objects")); err != nil {
		return err
	}
	documents, err := c.render()
	if err != nil {
		return err
	}
	return c.kubectl(ctx, documents, "apply", "--server-side", "--force-conflicts", "-f", "-")
}

// render fills the embedded manifests: delays in milliseconds, the nodes, the file of the pods' logs.
func (c *cluster) render() ([]byte, error) {
	values := struct {
		Nodes                  []int
		LogsFile, WorkDir      string
		MetricsPort            int
		Create, Ready, Jitter  int
		Terminate, Pull, Crash int
	}{Nodes: make([]int, c.Nodes), LogsFile: c.path("pod.log"), WorkDir: os.TempDir(), MetricsPort: c.ports.metrics}
	values.Pull, values.Crash = 1000, 1000
	if !c.Fast {
		// kwok waits between the delay and the jitter: the jitter is the upper end.
		values.Create, values.Ready, values.Jitter, values.Terminate = 300, 1500, 3000, 500
	}
	parsed, err := template.New("").Delims("[[", "]]").ParseFS(manifests, "manifests/*.yaml")
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for _, one := range parsed.Templates() {
		all.WriteString("---\n")
		if err := one.Execute(&all, values); err != nil {
			return nil, err
		}
	}
	return all.Bytes(), nil
}

func (c *cluster) startControllers(context.Context) error {
	err := c.launch("kube-controller-manager", c.program("kube-controller-manager"), []string{
		"--kubeconfig=" + c.path("kubeconfig"), "--authentication-kubeconfig=" + c.path("kubeconfig"),
		"--authorization-kubeconfig=" + c.path("kubeconfig"), "--bind-address=127.0.0.1", "--leader-elect=false",
		fmt.Sprintf("--secure-port=%d", c.ports.controllers), "--cert-dir=" + c.path("credentials"),
		"--tls-cert-file=" + c.credentials.path("parts.crt"), "--tls-private-key-file=" + c.credentials.path("parts.key"),
		"--controllers=*,-node-ipam-controller", "--use-service-account-credentials=true",
		"--enable-hostpath-provisioner=true", // binds claims; no container ever writes to what it makes
		"--service-account-private-key-file=" + c.credentials.path("service-account.key"),
		"--root-ca-file=" + c.credentials.path("ca.crt"), "--kube-api-qps=200", "--kube-api-burst=400",
		// Sooner than by default (15 s and 5 min), so that one sees it.
		"--horizontal-pod-autoscaler-sync-period=5s", "--horizontal-pod-autoscaler-downscale-stabilization=60s",
	})
	if err != nil {
		return err
	}
	return c.launch("kube-scheduler", c.program("kube-scheduler"), []string{
		"--kubeconfig=" + c.path("kubeconfig"), "--authentication-kubeconfig=" + c.path("kubeconfig"),
		"--authorization-kubeconfig=" + c.path("kubeconfig"), "--bind-address=127.0.0.1", "--leader-elect=false",
		fmt.Sprintf("--secure-port=%d", c.ports.scheduler), "--cert-dir=" + c.path("credentials"),
		"--tls-cert-file=" + c.credentials.path("parts.crt"), "--tls-private-key-file=" + c.credentials.path("parts.key"),
		"--kube-api-qps=200", "--kube-api-burst=400",
	})
}

// startMetrics starts metrics-server, which reads what pods use from kwok: the nodes say where (manifests/nodes.yaml).
func (c *cluster) startMetrics(context.Context) error {
	return c.launch("metrics-server", c.program("metrics-server"), []string{
		"--kubeconfig=" + c.path("kubeconfig"), "--authentication-kubeconfig=" + c.path("kubeconfig"),
		"--authorization-kubeconfig=" + c.path("kubeconfig"), "--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", c.ports.metrics),
		"--tls-cert-file=" + c.credentials.path("parts.crt"), "--tls-private-key-file=" + c.credentials.path("parts.key"),
		"--kubelet-certificate-authority=" + c.credentials.path("ca.crt"), "--kubelet-use-node-status-port",
		"--kubelet-preferred-address-types=InternalIP", "--metric-resolution=10s", "--kubelet-request-timeout=5s",
	})
}

// awaitMetrics waits until the API server serves metrics.k8s.io: as long as it cannot, no namespace is deleted.
func (c *cluster) awaitMetrics(ctx context.Context) error {
	return c.kubectl(ctx, nil, "wait", "--for=condition=Available", "apiservice/v1beta1.metrics.k8s.io", "--timeout=60s")
}

// startNodes starts kwok and waits until every node is Ready and pods may be created. kwok was seen to start and then
// never to take up its nodes: it is started again where they do not come.
func (c *cluster) startNodes(ctx context.Context) error {
	err := c.startKwok(ctx)
	for attempt := 1; err != nil && attempt < kwokAttempts && ctx.Err() == nil; attempt++ {
		c.stopLast()
		err = c.startKwok(ctx)
	}
	if err != nil {
		return err
	}
	return c.eventually(ctx, "no default service account", func(ctx context.Context) error {
		return c.kubectl(ctx, nil, "get", "serviceaccount", "default")
	})
}

func (c *cluster) startKwok(ctx context.Context) error {
	address := loopback(c.ports.kwok)
	err := c.launch("kwok", c.program("kwok"), []string{
		"--kubeconfig=" + c.path("kubeconfig"), "--manage-all-nodes=true",
		"--node-ip=127.0.0.1", fmt.Sprintf("--node-port=%d", c.ports.kwok), "--server-address=" + address,
		"--tls-cert-file=" + c.credentials.path("parts.crt"), "--tls-private-key-file=" + c.credentials.path("parts.key"),
		"--node-lease-duration-seconds=40", // without leases nodes go NotReady within a minute
		"--enable-crds=Stage,Metric,ResourceUsage,ClusterResourceUsage,Logs,ClusterLogs,Exec,ClusterExec",
	}, "HOME="+c.path("kwok")) // kwok reads a configuration from its home: never that of whoever starts it
	if err != nil {
		return err
	}
	return c.kubectl(ctx, nil, "wait", "--for=condition=Ready", "nodes", "--all", "--timeout=20s")
}

func (c *cluster) startPrometheus(ctx context.Context) error {
	if c.Prometheus == "" {
		return nil
	}
	config := fmt.Sprintf(prometheusConfig, c.credentials.path("ca.crt"), loopback(c.ports.kwok), c.credentials.path("ca.crt"))
	if err := os.WriteFile(c.path("prometheus.yml"), []byte(config), 0o600); err != nil {
		return err
	}
	err := c.launch("prometheus", c.Prometheus, []string{
		"--config.file=" + c.path("prometheus.yml"), "--storage.tsdb.path=" + c.path("prometheus"),
		"--storage.tsdb.retention.time=1d", "--web.listen-address=" + loopback(c.ports.prometheus), "--log.level=warn",
	})
	if err != nil {
		return err
	}
	return c.eventually(ctx, "Prometheus is not ready", c.answers("http://"+loopback(c.ports.prometheus)+"/-/ready"))
}

// The scrape interval is short, so that a chart moves while one looks at it.
const prometheusConfig = `global: {scrape_interval: 2s, scrape_timeout: 2s}
scrape_configs:
- job_name: nodes
  scheme: https
  tls_config: {ca_file: %s}
  http_sd_configs:
  - url: https://%s/discovery/prometheus
    refresh_interval: 5s
    tls_config: {ca_file: %s}
`

func (c *cluster) kubectl(ctx context.Context, input []byte, arguments ...string) error {
	command := exec.CommandContext(ctx, c.program("kubectl"), append([]string{"--kubeconfig=" + c.path("kubeconfig")}, arguments...)...)
	command.Env = append(os.Environ(), "HOME="+c.path("kubectl"))
	command.Stdin = bytes.NewReader(input)
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("kubectl %s: %w\n%s", strings.Join(arguments, " "), err, output)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(filepath.Clean(path))
	return err == nil
}
