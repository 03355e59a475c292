// Command devcluster starts a real Kubernetes on loopback: etcd, API server, controllers and scheduler, with nodes
// simulated by kwok, and a Prometheus where one is named. `devcluster up --dir DIR` prints one JSON line when all of
// it answers, and stops all of it on SIGTERM. Standard library only, so that it builds in a second.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// Options of `devcluster up`.
type Options struct {
	Dir        string // state, credentials and logs
	Programs   string // the folder of the built programs
	Prometheus string // path of a prometheus, or empty
	Nodes      int    // how many simulated nodes
	Fast       bool   // pods are ready at once
	Attached   bool   // end when standard input does: with whoever holds its other end, however that ends
}

func main() {
	if len(os.Args) < 2 || os.Args[1] != "up" {
		fail(fmt.Errorf("usage: devcluster up --dir DIR [--nodes 3] [--fast] [--prometheus PROGRAM]"))
	}
	options, err := parse(os.Args[2:])
	if err != nil {
		fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if options.Attached {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	if err := run(ctx, options); err != nil {
		fail(err)
	}
}

func parse(arguments []string) (Options, error) {
	var options Options
	self, err := os.Executable()
	if err != nil {
		return options, err
	}
	flags := flag.NewFlagSet("devcluster up", flag.ExitOnError)
	flags.StringVar(&options.Dir, "dir", "", "folder for state, credentials and logs (kept between runs)")
	flags.StringVar(&options.Programs, "programs", filepath.Dir(self), "folder with kubernetes, kwok and their manifests")
	flags.StringVar(&options.Prometheus, "prometheus", "", "a prometheus program to start beside the cluster")
	flags.IntVar(&options.Nodes, "nodes", 3, "how many nodes to simulate")
	flags.BoolVar(&options.Attached, "attached", false, "stop when standard input is closed")
	flags.BoolVar(&options.Fast, "fast", false, "pods are ready at once, instead of after visible seconds")
	if err := flags.Parse(arguments); err != nil {
		return options, err
	}
	if options.Dir == "" {
		return options, fmt.Errorf("--dir is missing: name a folder for the cluster's state")
	}
	if options.Nodes < 1 {
		return options, fmt.Errorf("--nodes is %d: pods need one node at least", options.Nodes)
	}
	options.Dir, err = filepath.Abs(options.Dir)
	return options, err
}

// run holds the cluster until the context ends (a clean stop) or a part of it dies (an error).
func run(ctx context.Context, options Options) error {
	cluster, err := newCluster(options)
	if err != nil {
		return err
	}
	defer cluster.stop()
	if err := cluster.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(cluster.describe()); err != nil {
		return err
	}
	return cluster.wait(ctx)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "devcluster:", err)
	os.Exit(1)
}
